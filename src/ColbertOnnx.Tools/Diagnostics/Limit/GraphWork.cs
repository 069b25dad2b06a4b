using System.Text.Json;
using ColbertOnnx.Pipeline;
using ColbertOnnx.Runtime;

namespace ColbertOnnx.Diagnostics.Limit;

/// <summary>
/// How many multiply-adds a text takes, by its length: counted in a profile of the graph as its file has it. Between two lengths that were
/// counted those of a token are interpolated, which is exact for attention to all tokens: it grows with the length.
/// </summary>
internal sealed class GraphWork
{
    private const int MostLengths = 12;

    private readonly int[] lengths;
    private readonly MultiplyAdds[] ofToken;

    private GraphWork(int[] lengths, MultiplyAdds[] counts)
    {
        this.lengths = lengths;
        ofToken = [.. counts.Zip(lengths, (count, length) => count * (1.0 / length))];
    }

    /// <param name="graph">The file.</param>
    /// <param name="texts">Tokens of each text.</param>
    /// <exception cref="ColbertException">As <see cref="OrtEncoderSession.Open"/>; <see cref="ColbertErrorId.OutputFailed"/>: there is no
    /// room for a temporary file.</exception>
    public static GraphWork Count(string graph, IReadOnlyList<int> texts, CancellationToken cancellation)
    {
        int[] lengths = Chosen(texts);
        DirectoryInfo? folder = null;
        try
        {
            folder = Directory.CreateTempSubdirectory("colbert-work-");
            using (OrtEncoderSession session = OrtEncoderSession.Open(
                graph,
                new EncoderSessionOptions { FuseRows = false, Optimize = false, ProfileTo = Path.Combine(folder.FullName, "calls") }))
            {
                foreach (int length in lengths) Run(session, length, cancellation);
            }

            // The profile is written when the session closes. Opening may have run the graph itself: our runs are the last.
            using FileStream profile = folder.GetFiles().Single().OpenRead();
            return new GraphWork(lengths, [.. ProductShapes.Runs(profile).TakeLast(lengths.Length)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            // A library that finds no room for its profile says nothing: none is there, or one that breaks off.
            string folders = Path.GetTempPath();
            throw new ColbertException(
                ColbertErrorId.OutputFailed, $"No temporary file could be written in '{folders}': {e.Message}", folders,
                "Name another folder in TMPDIR (on Windows in TMP), or make room in this one.", e);
        }
        finally
        {
            folder?.Delete(recursive: true);
        }
    }

    /// <summary>Of a text with this many tokens.</summary>
    public MultiplyAdds Of(int length)
    {
        if (length <= 0 || lengths.Length == 0) return default;
        int next = Math.Min(lengths.Count(counted => counted < length), lengths.Length - 1), last = Math.Max(0, next - 1);
        double share = next == last ? 0 : (double)(length - lengths[last]) / (lengths[next] - lengths[last]);
        return ((ofToken[last] * (1 - share)) + (ofToken[next] * share)) * length;
    }

    private static int[] Chosen(IReadOnlyList<int> texts)
    {
        int[] all = [.. texts.Where(length => length > 0).Distinct().Order()];
        if (all.Length <= MostLengths) return all;
        int first = all[0], last = all[^1];
        return
        [
            .. Enumerable.Range(0, MostLengths).Select(i => first + (int)Math.Round((double)(last - first) * i / (MostLengths - 1)))
                .Distinct(),
        ];
    }

    private static void Run(IEncoderSession session, int length, CancellationToken cancellation)
    {
        byte[] mask = new byte[length];
        mask.AsSpan().Fill(1);
        session.Run(1, length, new int[length], mask, new float[length * session.Dimension], cancellation);
    }
}
