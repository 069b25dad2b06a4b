namespace ColbertOnnx.Hub;

/// <summary>What may go away by itself: the network, a server that is busy or broke off. Never leaves this namespace.</summary>
internal sealed class HubTransientException(string reason, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(reason, inner)
{
    /// <summary>How long the server asks to wait; null when it does not say.</summary>
    public TimeSpan? RetryAfter => retryAfter;

    /// <summary>False for what a repetition cannot change, such as a certificate that is not trusted.</summary>
    public bool IsWorthRepeating { get; init; } = true;
}
