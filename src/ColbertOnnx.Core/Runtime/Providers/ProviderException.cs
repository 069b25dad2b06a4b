namespace ColbertOnnx.Runtime.Providers;

/// <summary>A provider could not be added to a session, or the session could not be created with it.</summary>
internal sealed class ProviderException(ProviderUse use, string message, Exception? inner = null) : Exception(message, inner)
{
    public ProviderUse Use => use;
}
