using ColbertOnnx.IO;

namespace ColbertOnnx.Embeddings;

/// <summary>
/// What lies in a folder under the names of results. Ours is what the texts of an earlier run name (or the mark of an interrupted exchange)
/// and what begins as an npy file: only that is replaced. A reader of the folder would take anything else for a part of the new result, so
/// that it is an error.
/// </summary>
internal static class EarlierResults
{
    private const int MagicLength = 6;

    /// <summary>Everything in the folder that a result of this kind replaces, or that would be read as a part of it.</summary>
    public static IEnumerable<string> In(string folder, TextKind kind) =>
        Directory.EnumerateFileSystemEntries(folder).Where(path => Is(Path.GetFileName(path), kind));

    /// <summary>Whether a file of this name is one of a result, or would be read as one.</summary>
    public static bool Is(string name, TextKind kind)
    {
        if (name == TextSource.FileOf(kind) || name == FolderExchange.MarkOf(kind)) return true;
        string prefix = NpyFormat.PrefixOf(kind);
        return name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.Ordinal) && char.IsAsciiDigit(name[prefix.Length])
            && name.EndsWith(".npy", StringComparison.Ordinal);
    }

    /// <summary>Before anything is touched.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputExists"/>: results that are not to be replaced, or what is no
    /// result of ours.</exception>
    public static void Refuse(string folder, TextKind kind, bool force)
    {
        if (!Directory.Exists(folder)) return;
        HashSet<string>? names = null;
        long counted = 0;
        foreach (string path in In(folder, kind))
        {
            if (!force) throw OutputGuard.Exists(path);
            if (names is null)
            {
                ManifestCounts? counts = CountsBeside(folder, kind);
                names = Names(folder, kind, isKnown: counts is not null);
                // Some of the texts are lost.
                if (counts is not null && names.Count < counts.Embeddings) counted = counts.Texts;
            }

            if (!IsOurs(path, kind, names, counted)) throw InTheWay(path);
        }
    }

    /// <summary>The arrays that the texts and the mark in a folder name.</summary>
    /// <param name="isKnown">Texts that are broken are ours nevertheless.</param>
    private static HashSet<string> Names(string folder, TextKind kind, bool isKnown)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (string path in new[] { TextSource.FileOf(kind), FolderExchange.MarkOf(kind) }.Select(name => Path.Combine(folder, name))
            .Where(Path.Exists))
        {
            if (!IsFile(path)) throw InTheWay(path);
            try
            {
                using FileStream stream = Inputs.InputReader.Open(path);
                foreach (StoredText text in JsonLinesEmbeddings.ReadTexts(stream, path)) names.Add(text.Name ?? throw InTheWay(path));
            }
            catch (ColbertException error) when (error.Id == ColbertErrorId.InputInvalid)
            {
                if (!isKnown) throw InTheWay(path, error);
            }
        }

        return names;
    }

    private static ManifestCounts? CountsBeside(string folder, TextKind kind)
    {
        try
        {
            return RunManifest.Read(ManifestPlace.Of(folder, isFolder: true, kind)).Counts;
        }
        catch (ColbertException)
        {
            return null;
        }
    }

    /// <summary>The name of the array that a file holds or has the scales of.</summary>
    public static string ArrayOf(string file)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        return name.EndsWith(ArrayEmbeddings.ScaleSuffix, StringComparison.Ordinal) ? name[..^ArrayEmbeddings.ScaleSuffix.Length] : name;
    }

    private static bool IsOurs(string path, TextKind kind, HashSet<string> names, long counted)
    {
        string name = Path.GetFileName(path);
        if (name == TextSource.FileOf(kind) || name == FolderExchange.MarkOf(kind)) return IsFile(path);
        return NpyFormat.NumberOf(kind, name) is >= 0 and long number
            && (names.Contains(ArrayOf(name)) || number < counted) && IsFile(path) && IsNpy(path);
    }

    // A power failure leaves empty files: nothing is lost with them.
    private static bool IsNpy(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        Span<byte> start = stackalloc byte[MagicLength];
        int length = stream.ReadAtLeast(start, MagicLength, throwOnEndOfStream: false);
        return length == 0 || (length == MagicLength && NpyFormat.Magic.StartsWith(start));
    }

    private static bool IsFile(string path) => File.Exists(path) && RegularFile.WhyNot(path) is null;

    private static ColbertException InTheWay(string path, Exception? inner = null) => new(
        ColbertErrorId.OutputExists, $"'{path}' is not a result of an earlier run, and is not replaced.", path,
        "Move it away, or choose another output.", inner);
}
