<?php
// A site that people sign in to with their e-mail address: PHP 8.1, no packages.
declare(strict_types=1);

define('ORIGIN', getenv('ORIGIN') ?: 'http://shop.localhost:3000'); // our own, the audience
define('LOGIN_HOST', getenv('LOGIN_HOST') ?: 'http://login.localhost:8080');
define('VERIFIER', getenv('VERIFIER') ?: 'http://127.0.0.1:8081/verify');

/** Returns the address that an assertion proves to this site, or null. */
function verify(string $assertion): ?string
{
    $body = @file_get_contents(VERIFIER, false, stream_context_create(['http' => [
        'method' => 'POST',
        'header' => 'Content-Type: application/x-www-form-urlencoded',
        'content' => http_build_query(['assertion' => $assertion, 'audience' => ORIGIN]),
        'timeout' => 10,
    ]]));
    $answer = json_decode($body ?: '', true); // null where there is no verifier, or it could not say
    return ($answer['status'] ?? '') === 'okay' ? $answer['email'] : null;
}

/** Ends the request. */
function answer(int $status, string $body = '', string $type = 'text/plain'): never
{
    http_response_code($status);
    header("Content-Type: $type; charset=utf-8");
    exit($body);
}

$isHTTPS = str_starts_with(ORIGIN, 'https:');
$cookie = $isHTTPS ? '__Host-session' : 'session';
$flags = ['path' => '/', 'httponly' => true, 'samesite' => 'Lax', 'secure' => $isHTTPS];
$method = $_SERVER['REQUEST_METHOD'];

if ($method === 'POST' && ($_SERVER['HTTP_ORIGIN'] ?? '') !== ORIGIN) { // CSRF
    answer(403, 'This came from another site.');
}
header('Cache-Control: no-store');
session_name($cookie);
session_set_cookie_params($flags);
if ($method === 'POST' || isset($_COOKIE[$cookie])) { // visitors need no cookie
    session_start(['use_strict_mode' => true]);
}

switch ($method . ' ' . strtok($_SERVER['REQUEST_URI'], '?')) {
    case 'GET /':
        $email = htmlspecialchars($_SESSION['email'] ?? '');
        $page = str_replace('{login_host}', LOGIN_HOST, file_get_contents(__DIR__ . '/page.html'));
        answer(200, str_replace('{email}', $email, $page), 'text/html');
    case 'GET /sign-in.js':
        answer(200, file_get_contents(__DIR__ . '/sign-in.js'), 'text/javascript');
    case 'GET /.well-known/navid': // where people may come back to, if there was no window
        header('Access-Control-Allow-Origin: *');
        answer(200, '{"returnTo": ["/"]}', 'application/json');
    case 'POST /login':
        $email = verify((string) filter_input(INPUT_POST, 'assertion'));
        if ($email === null) {
            answer(403, 'We could not verify your sign-in. Please try again.');
        }
        session_regenerate_id(true);
        $_SESSION['email'] = $email; // the account is this very string
        answer(204);
    case 'POST /logout':
        session_destroy();
        setcookie($cookie, '', ['expires' => 1] + $flags);
        header('Location: /');
        answer(303);
    default:
        answer(404, 'There is nothing here.');
}
