namespace ColbertOnnx;

internal static class TextKinds
{
    /// <summary>As files and messages have it: "query" or "document".</summary>
    public static string NameOf(TextKind kind) => kind == TextKind.Query ? "query" : "document";
}
