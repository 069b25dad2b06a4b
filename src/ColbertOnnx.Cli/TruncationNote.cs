namespace ColbertOnnx.Cli;

internal static class TruncationNote
{
    public static string For(long truncated, long all, TextKind kind) =>
        $"{truncated} of {all} texts had more tokens than the model takes and were cut; "
            + $"{(kind == TextKind.Query ? "--query-length" : "--document-length")} sets the limit.";
}
