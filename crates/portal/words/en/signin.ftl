# Signing in, the second factor, one's own account
signin-as = Choose a sample person
signin-as-others = Other applicants
signin-provider = Sign in with the city's identity service
signin-local = Account of this office
signin-person = Your id
signin-password = Password
signin-code = One-time code (6 digits)
signin-wrong = The id, the password or the code is wrong, or there were too many attempts. Check and try again; after failures in a row you have to wait for 15 minutes.
signin-refused = You are not signed in
signin-again = Sign in again
signin-provider-fails = The identity service does not answer as it should. Please try again later.
signin-provider-denied = The identity service did not confirm who you are.
signin-not-begun = This sign-in was not begun in this browser, or it was used or has ended.
signin-provider-token = What the identity service says about you cannot be verified.
signin-nobody = The identity service knows you, but “{ $subject }” is bound to nobody here. Please ask an administrator to do so.
signin-another = Somebody else came back than the person who is signed in.

step-up-why = What concerns money and accounts needs a second factor that is not older than five minutes.
step-up-wrong = The code is wrong or was used before, or there were too many attempts.
step-up-provider = Confirm at the identity service
step-up-demo = A demonstration needs no code: a click is enough.

account = My account
account-duties = Duties
account-duties-today = Duties that you have today
account-role = Duty
account-scope = For
account-all = Everything
account-sessions = Where you are signed in
account-sessions-now = Browsers in which you are signed in
account-device = Browser
account-since = Since
account-seen = Last used
account-here = (this one)
account-sign-out = Sign out everywhere
