<?php
// A shop that people sign in to with their e-mail address: what it has beside login.php.
declare(strict_types=1);

require __DIR__ . '/login.php';

define('LOGIN_HOST', getenv('LOGIN_HOST') ?: 'http://login.localhost:8080');

$isHTTPS = str_starts_with(ORIGIN, 'https:');
$cookie = $isHTTPS ? '__Host-session' : 'session';
$flags = ['path' => '/', 'httponly' => true, 'samesite' => 'Lax', 'secure' => $isHTTPS];

header('Cache-Control: no-store');
header('Content-Type: text/plain; charset=utf-8');
session_name($cookie);
session_set_cookie_params($flags);
if (isset($_COOKIE[$cookie]) || ($_SERVER['HTTP_ORIGIN'] ?? '') === ORIGIN) { // visitors need none
    session_start(['use_strict_mode' => true]);
}

switch ($_SERVER['REQUEST_METHOD'] . ' ' . strtok($_SERVER['REQUEST_URI'], '?')) {
    case 'GET /':
        header('Content-Type: text/html; charset=utf-8');
        $email = htmlspecialchars($_SESSION['email'] ?? '');
        $page = str_replace('{login_host}', LOGIN_HOST, file_get_contents(__DIR__ . '/page.html'));
        exit(str_replace('{email}', $email, $page));
    case 'GET /sign-in.js':
        header('Content-Type: text/javascript; charset=utf-8');
        exit(file_get_contents(__DIR__ . '/sign-in.js'));
    case 'GET /.well-known/navid': // where people may come back to, if there was no window
        header('Content-Type: application/json; charset=utf-8');
        header('Access-Control-Allow-Origin: *');
        exit('{"returnTo": ["/"]}');
    case 'POST /login':
        login();
        break;
    case 'POST /logout':
        logout();
        setcookie($cookie, '', ['expires' => 1] + $flags);
        break;
    default:
        http_response_code(404);
        exit('There is nothing here.');
}
