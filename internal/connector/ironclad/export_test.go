package ironclad

import "time"

// Pass lets time pass for what limits how often the key is asked for.
func (c *Connection) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range c.renewals {
		c.renewals[i] = c.renewals[i].Add(-d)
	}
}
