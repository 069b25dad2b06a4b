using ColbertOnnx.Text;

namespace ColbertOnnx.Inputs;

/// <summary>Texts of files and streams, one at a time: memory holds the longest text, not the input.</summary>
public static class InputReader
{
    /// <summary>
    /// Reads a file. What is wrong with one text comes as an item with an error; what makes the rest unreadable
    /// (bytes that are not UTF-8, a JSON file that is broken, a missing column) is thrown.
    /// </summary>
    /// <param name="path">The file; it is opened when the first text is asked for, and may be a pipe.</param>
    /// <param name="options">What it is read as; null: as its name says.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>.</exception>
    public static IEnumerable<InputItem> ReadFile(string path, InputOptions? options = null) => Read(path, null, options);

    /// <summary>
    /// What a shard reads of several files, taken as one after the other: the bytes are divided evenly, and a record belongs to the shard
    /// in which it begins. The shards of all indices, in their order, give each text once, in the order of the input.
    /// </summary>
    /// <param name="paths">The whole input, the same for each shard.</param>
    /// <param name="shard">Which part of it.</param>
    /// <returns>Parts in their order; none where there are more shards than bytes.</returns>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: a file is not there, or no regular file.</exception>
    public static IReadOnlyList<InputPart> Divide(IReadOnlyList<string> paths, ColbertShard shard) => InputParts.Of(paths, shard);

    /// <summary>
    /// Reads a part of a file, as <see cref="ReadFile"/> the whole. Of text, JSON Lines and delimited files without quotes nothing is read
    /// that belongs to others but the first record. What stands before it is looked through for quotes in delimited files with quotes, and
    /// read in JSON. Of Parquet a part has the row groups whose first rows, in proportion, lie in its bytes.
    /// </summary>
    /// <param name="part">One of those of <see cref="Divide"/>.</param>
    /// <param name="options">What the file is read as; null: as its name says.</param>
    /// <returns>Texts; places are lines of the file, or byte offsets (from 0) where nothing counted the lines before.</returns>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>.</exception>
    public static IEnumerable<InputItem> ReadPart(InputPart part, InputOptions? options = null) => Read(part.Path, part, options);

    private static IEnumerable<InputItem> Read(string path, InputPart? part, InputOptions? options)
    {
        RefuseEmbeddings(path);
        options ??= new InputOptions();
        if ((options.Format ?? InputOptions.FormatOf(path)) == InputFormat.Parquet)
            return ParquetAddOn.Load(path).ReadTexts(path, options, part);
        return ReadStream(path, options, part?.Range ?? ByteRange.Whole);
    }

    private static IEnumerable<InputItem> ReadStream(string path, InputOptions options, ByteRange range)
    {
        using FileStream stream = Open(path);
        foreach (InputItem item in Read(stream, path, options with { Format = options.Format ?? InputOptions.FormatOf(path) }, range))
            yield return item;
    }

    /// <summary>Reads a stream, as <see cref="ReadFile"/> a file.</summary>
    /// <param name="stream">UTF-8, from where it stands; it stays open.</param>
    /// <param name="source">Its name in errors and places.</param>
    /// <param name="options">What it is read as; without a format as text, a text a line.</param>
    /// <inheritdoc cref="ReadFile"/>
    public static IEnumerable<InputItem> Read(Stream stream, string source, InputOptions options) =>
        Read(stream, source, options, ByteRange.Whole);

    private static IEnumerable<InputItem> Read(
        Stream stream, string source, InputOptions options, ByteRange range) => (options.Format ?? InputFormat.Text) switch
        {
            InputFormat.JsonLines => JsonLinesReader.Read(stream, source, options, range),
            InputFormat.Csv => new DelimitedReader(stream, source, options, ',', isQuoted: true, range).Read(),
            InputFormat.Tsv => new DelimitedReader(stream, source, options, '\t', isQuoted: false, range).Read(),
            InputFormat.Json => new JsonTextsReader(stream, source, options).Read(range),
            InputFormat.Parquet => throw InputErrors.Invalid(
                source, "Parquet cannot be read from a stream: what a file holds stands at its end.", "Name the file."),
            _ => ReadLines(stream, source, range),
        };

    /// <summary>A whole file as one text, which must be UTF-8; a byte order mark is not part of it.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>, with the line.</exception>
    public static string ReadText(string path) => StrictUtf8.ReadFile(path);

    /// <summary>Throws for a text that holds half of a surrogate pair: a .NET string may, no encoding of Unicode can.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>, with the place.</exception>
    public static void CheckText(string text) => LoneSurrogates.Refuse(text);

    /// <summary>Throws what opening a missing file would; does not open, because a named pipe can be opened only once.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>.</exception>
    public static void Check(string path)
    {
        if (!File.Exists(path)) throw Unreadable(path, new FileNotFoundException(null, path));
    }

    /// <summary>Throws for a file whose name says that it holds embeddings, where texts are wanted.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>.</exception>
    public static void RefuseEmbeddings(string path)
    {
        if (Path.GetExtension(path).ToLowerInvariant() is not (".npz" or ".npy" or ".safetensors")) return;
        throw new ColbertException(
            ColbertErrorId.InputInvalid,
            $"'{path}' holds embeddings, not texts.",
            path,
            "Give the texts; to rank embeddings: colbert score --embeddings FILE, in PowerShell Import-ColbertEmbedding FILE |"
            + " Measure-ColbertSimilarity QUERY.");
    }

    /// <summary>Opens a file for reading once, from its start.</summary>
    internal static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Unreadable(path, error);
        }
    }

    internal static ColbertException Unreadable(string path, Exception inner)
    {
        if (Directory.Exists(path))
            return new(ColbertErrorId.InputInvalid, $"'{path}' is a folder, not a file.", path, "Name the files in it.", inner);
        return inner is FileNotFoundException or DirectoryNotFoundException
            ? new(ColbertErrorId.InputInvalid, $"There is no file '{path}'.", path, "Check the path.", inner)
            : new(
                ColbertErrorId.InputInvalid, $"The file '{path}' cannot be read: {inner.Message}", path,
                "Check the file and its permissions.", inner);
    }

    internal static IEnumerable<InputItem> ReadLines(Stream stream, string source, ByteRange range)
    {
        var lines = new Utf8LineReader(stream, source) { End = range.End };
        lines.Seek(range.Begin);
        while (Next(lines) is { } text) yield return new InputItem(text, null, lines.Location);
    }

    private static string? Next(Utf8LineReader lines) =>
        lines.TryBegin(out ReadOnlySpan<byte> line) ? StrictUtf8.Decode(line, lines.Location) : null;
}
