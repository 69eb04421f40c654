<?php
// Sign people in with Navid: PHP 8.1, no packages.
declare(strict_types=1);

define('ORIGIN', getenv('ORIGIN') ?: 'http://shop.localhost:3000'); // our own, the audience
define('VERIFIER', getenv('VERIFIER') ?: 'http://127.0.0.1:8081/verify');

/** Returns the address that an assertion proves to this site, or null. */
function verify(string $assertion): ?string
{
    $question = http_build_query(['assertion' => $assertion, 'audience' => ORIGIN]);
    $form = ['header' => 'Content-Type: application/x-www-form-urlencoded', 'content' => $question];
    $context = stream_context_create(['http' => $form + ['method' => 'POST', 'timeout' => 10]]);
    $answer = json_decode(@file_get_contents(VERIFIER, false, $context) ?: '', true); // null if there is none
    return ($answer['status'] ?? '') === 'okay' ? $answer['email'] : null;
}

/** Ends the request. */
function refuse(string $why): never
{
    http_response_code(403);
    exit($why);
}

function login(): void
{
    ($_SERVER['HTTP_ORIGIN'] ?? '') === ORIGIN or refuse('This came from another site.'); // CSRF
    $email = verify((string) filter_input(INPUT_POST, 'assertion'))
        ?? refuse('We could not verify your sign-in. Please try again.');
    session_regenerate_id(true); // a token that nobody knew before
    $_SESSION['email'] = $email; // the account is this very string
    http_response_code(204);
}

function logout(): void
{
    ($_SERVER['HTTP_ORIGIN'] ?? '') === ORIGIN or refuse('This came from another site.'); // CSRF
    session_destroy();
    header('Location: /', true, 303);
}
