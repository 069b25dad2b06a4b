using ColbertOnnx.IO;

namespace ColbertOnnx.Inputs;

/// <summary>Where a shard's bytes lie, in files that are taken as one after the other.</summary>
internal static class InputParts
{
    public static IReadOnlyList<InputPart> Of(IReadOnlyList<string> paths, ColbertShard shard)
    {
        long[] lengths = [.. paths.Select(LengthOf)];
        (long begin, long end) = shard.Of(lengths.Sum());
        // An empty file at the very end begins at no byte; it is the last shard's.
        if (shard.Index == shard.Count) end = long.MaxValue;
        var parts = new List<InputPart>();
        long at = 0;
        foreach ((string path, long length) in paths.Zip(lengths))
        {
            long from = Math.Max(begin - at, 0), to = Math.Min(end - at, length);
            if (from < to || (length == 0 && begin <= at && at < end)) parts.Add(new(path, from, to, length));
            at += length;
        }

        return parts;
    }

    public static long LengthOf(string path)
    {
        InputReader.Check(path);
        if (RegularFile.WhyNot(path) is { } what)
            throw InputErrors.Invalid(
                path, $"a shard of it cannot be read: {what}.",
                "Name files: a shard goes to its own place in them, and a pipe has only the next byte.");
        try
        {
            return FileLinks.Follow(path).Length;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw InputReader.Unreadable(path, error);
        }
    }
}
