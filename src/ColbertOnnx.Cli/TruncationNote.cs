namespace ColbertOnnx.Cli;

internal static class TruncationNote
{
    public static string For(long truncated, long all, TextKind kind) =>
        $"{truncated} of {ShownText.Count(all, "text")} cut to the tokens that the model takes; "
            + $"{(kind == TextKind.Query ? "--query-length" : "--document-length")} sets the limit.";
}
