package main

import (
	"fmt"
	"time"
)

func certificateTimes() []draft {
	const later, expired = "certificate_not_yet_valid", "certificate_expired"
	const life, age = "certificate_lifetime", "certificate_age"
	upToAnHour := func(s *scene) { s.MaxCertificateAge = 3600 }
	strict := func(s *scene) { s.NoLeeway = true }
	return []draft{
		{"issued 60 s later, at the leeway", okay, certified(time.Minute, time.Hour)},
		{"issued more than 60 s later", later, certified(time.Minute+time.Millisecond, time.Hour)},
		{"issued next year", later, certified(365*24*time.Hour, 366*24*time.Hour)},
		{"issued 1 ms later, no leeway", later, all(certified(time.Millisecond, time.Hour), strict)},
		{"expired 30 s ago, at the leeway", okay, certified(-time.Hour, -30*time.Second)},
		{"expired more than 30 s ago", expired, certified(-time.Hour, -30*time.Second-time.Millisecond)},
		{"expired now, no leeway", okay, all(certified(-time.Hour, 0), strict)},
		{"expired 1 ms ago, no leeway", expired, all(certified(-time.Hour, -time.Millisecond), strict)},
		{"expired in 1970", expired, certify("exp", "0")},
		{"expired before 1970", expired, certify("exp", "-1")},
		{"expired, in seconds", expired, certify("exp", fmt.Sprint(at(-time.Hour)/1000))},
		{"exp before iat", expired, certified(-time.Minute, -time.Hour)},
		{"for 24 h and the leeway", okay, certified(-time.Minute, 24*time.Hour)},
		{"for 24 h, the leeway and 1 ms", life, certified(-time.Minute, 24*time.Hour+time.Millisecond)},
		{"for 25 h, no iat", life, all(withoutCertified("iat"), certify("exp", millis(25*time.Hour)))},
		{"for ever", life, certify("exp", "8640000000000000")},
		{"issued in 1970", life, certify("iat", "1")},
		{"an hour old, as is asked for", okay, all(certified(-61*time.Minute, time.Hour), upToAnHour)},
		{"older than is asked for", age, all(certified(-61*time.Minute-time.Millisecond, time.Hour), upToAnHour)},
		{"of unknown age", age, all(withoutCertified("iat"), upToAnHour)},
	}
}

func assertionTimes() []draft {
	const later, expired, life = "assertion_not_yet_valid", "assertion_expired", "assertion_lifetime"
	return []draft{
		{"issued 60 s later, at the leeway", okay, asserting("iat", millis(time.Minute))},
		{"issued more than 60 s later", later, asserting("iat", millis(time.Minute+time.Millisecond))},
		{"expired 30 s ago, at the leeway", okay, assertedUntil(-30 * time.Second)},
		{"expired more than 30 s ago", expired, assertedUntil(-30*time.Second - time.Millisecond)},
		{"expired 1 ms ago, no leeway", expired, all(assertedUntil(-time.Millisecond), func(s *scene) { s.NoLeeway = true })},
		{"expired in 1970", expired, asserting("exp", "0")},
		{"for 5 min and the leeway", okay, assertedUntil(6 * time.Minute)},
		{"for 5 min, the leeway and 1 ms", life, assertedUntil(6*time.Minute + time.Millisecond)},
		{"for 7 min, counted from iat", life, asserting("iat", millis(-5*time.Minute))},
		{"for an hour, allowed", okay, all(assertedUntil(time.Hour), func(s *scene) { s.MaxAssertionAge = 3600 })},
		{"for ever", life, asserting("exp", "8640000000000000")},
	}
}
