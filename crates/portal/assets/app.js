// What makes pages better where scripts run; every page works without.
