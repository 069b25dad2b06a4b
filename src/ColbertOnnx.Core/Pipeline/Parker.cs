namespace ColbertOnnx.Pipeline;

/// <summary>Where one idle thread sleeps. A wake-up that comes first is kept; waiting costs no CPU time.</summary>
internal sealed class Parker
{
    private readonly object gate = new();
    private bool signaled;

    public void Park(int milliseconds)
    {
        lock (gate)
        {
            if (!signaled) Monitor.Wait(gate, milliseconds);
            signaled = false;
        }
    }

    public void Unpark()
    {
        lock (gate)
        {
            signaled = true;
            Monitor.Pulse(gate);
        }
    }
}
