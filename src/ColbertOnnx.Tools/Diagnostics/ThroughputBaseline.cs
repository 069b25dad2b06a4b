using System.Globalization;
using System.Text.Json;
using ColbertOnnx.Inputs;
using ColbertOnnx.IO;

namespace ColbertOnnx.Diagnostics;

/// <summary>Results that were stored as JSON, to compare new ones with.</summary>
public sealed class ThroughputBaseline
{
    private readonly string path;
    private readonly IReadOnlyList<StoredThroughput> results;

    private ThroughputBaseline(string path, IReadOnlyList<StoredThroughput> results) => (this.path, this.results) = (path, results);

    /// <summary>Reads a file of one or more results: JSON Lines as they are written, or a list.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>, with the line.</exception>
    public static ThroughputBaseline Read(string path)
    {
        GivenPath.Require(path, "a baseline");
        using FileStream stream = InputReader.Open(path);
        using var bytes = new MemoryStream();
        byte[] part = new byte[64 * 1024];
        for (int read; (read = InputErrors.Read(stream, part, path)) > 0;)
        {
            bytes.Write(part, 0, read);
            if (bytes.Length > Limits.LargestBaseline)
            {
                throw InputErrors.Invalid(
                    path, FormattableString.Invariant($"it is larger than {Limits.LargestBaseline} bytes (the limit LargestBaseline)."),
                    "Give a file that --json (-AsJson) wrote.");
            }
        }

        return new ThroughputBaseline(path, ReadAll(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), path));
    }

    /// <summary>
    /// Compares a result with the stored one of its configuration: by documents a second on the same kind of machine, elsewhere by the
    /// share of the raw session loop. Null when it is not slower than <paramref name="tolerance"/> allows.
    /// </summary>
    /// <param name="tolerance">The part that may be missing: 0.1 lets nine tenths of the stored value pass.</param>
    /// <returns>Null, or an error: <see cref="ColbertErrorId.BaselineMissed"/>, or <see cref="ColbertErrorId.InputInvalid"/> when there is
    /// nothing to compare with.</returns>
    public ColbertException? Check(ColbertThroughput result, double tolerance = 0.1)
    {
        StoredThroughput[] same = [.. results.Where(stored => stored.Configuration.IsSameAs(result.Configuration))];
        if (same.Length == 0) return NotComparable($"{path} has no result of this configuration: {result.Configuration}.");
        StoredThroughput? found = Array.Find(same, stored => IsSameWork(stored.TokensPerText, result.Texts.TokensPerText));
        if (found is null)
            return NotComparable(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{same[0].Location} was measured with texts of {same[0].TokensPerText} tokens, and these have "
                        + $"{result.Texts.TokensPerText}."));

        bool isSameMachine = found.Cpu == result.Environment.Cpu && found.CpuCount == result.Environment.CpuCount;
        double stored = isSameMachine ? found.DocumentsPerSecond : found.ShareOfRawLoop;
        double measured = isSameMachine ? result.DocumentsPerSecond.Median : result.ShareOfRawLoop.Median;
        if (measured >= stored * (1 - tolerance)) return null;
        string what = isSameMachine ? "documents a second" : "of the raw session loop's speed (another machine)";
        return new ColbertException(
            ColbertErrorId.BaselineMissed,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Configuration}: {measured:0.###} {what}, less than {stored:0.###} of {found.Location} minus {tolerance:P0}."),
            path,
            "Find what became slower, or measure a new baseline if that was meant.");
    }

    /// <summary>One line for people.</summary>
    public override string ToString() => $"{path}: {results.Count} results";

    // Other texts are other work: documents of 32 tokens say nothing about documents of 180.
    private static bool IsSameWork(Spread stored, Spread measured) =>
        IsNear(stored.Minimum, measured.Minimum) && IsNear(stored.Median, measured.Median) && IsNear(stored.Maximum, measured.Maximum);

    private static bool IsNear(double a, double b) => Math.Abs(a - b) <= 0.01 * Math.Max(a, b);

    private ColbertException NotComparable(string message) =>
        new(ColbertErrorId.InputInvalid, message, path, "Measure the same texts and configurations, or store a new baseline.");

    private static List<StoredThroughput> ReadAll(ReadOnlySpan<byte> bytes, string path)
    {
        List<StoredThroughput> found = [];
        int line = 1;
        try
        {
            bytes = bytes[InputBuffer.Begin(bytes, path)..];
            var reader = new Utf8JsonReader(
                bytes, new JsonReaderOptions { AllowMultipleValues = true, CommentHandling = JsonCommentHandling.Skip });
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray && reader.CurrentDepth == 0) continue;
                line = 1 + bytes[..(int)reader.TokenStartIndex].Count((byte)'\n');
                using JsonDocument document = JsonDocument.ParseValue(ref reader);
                found.Add(StoredThroughput.Read(document.RootElement, InputErrors.At(path, line)));
            }
        }
        catch (JsonException error)
        {
            throw InputErrors.NotJson(InputErrors.At(path, Math.Max(line, (error.LineNumber ?? 0) + 1)), error);
        }
        catch (InvalidOperationException error)
        {
            // A string of bytes that are not UTF-8, or with half of a surrogate pair.
            throw InputErrors.Invalid(
                InputErrors.At(path, line), $"a string is not Unicode: {error.Message}", "Give a file that --json (-AsJson) wrote.");
        }

        return found.Count > 0
            ? found
            : throw InputErrors.Invalid(InputErrors.At(path, 1), "there is no result in it.", "Give a file that --json (-AsJson) wrote.");
    }
}
