namespace ColbertOnnx.Modeling;

/// <summary>What <see cref="Setting{T}.Source"/> says when no file was the source.</summary>
internal static class SettingSource
{
    public const string Argument = "argument";
    public const string Default = "default";
}
