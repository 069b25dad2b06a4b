using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using ColbertOnnx.Onnx;

namespace ColbertOnnx.Tests.Export;

/// <summary>
/// Checkpoints whose tokenizer has more tokens than the embedding matrix has rows: PyLate makes the missing rows, and so does the export.
/// </summary>
public sealed class UnresizedTests : IDisposable
{
    private const string Table = "embeddings.word_embeddings.weight";

    private readonly TemporaryFolder folder = new(), target = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public UnresizedTests() => folder.CopyAll(CheckpointFolder.Of("bert-base"));

    [Fact]
    public void Added_tokens_without_a_row_get_the_mean_of_all_with_a_warning_and_change_nothing_else()
    {
        ColbertModelFolder before = Export("before");
        Assert.Empty(before.Warnings);
        Change(json =>
        {
            foreach (string token in (string[])["<soft>", "<hard>"])
            {
                JsonNode added = json["added_tokens"]![0]!.DeepClone();
                (added["id"], added["content"]) = (1202 + (token == "<hard>" ? 1 : 0), token);
                json["added_tokens"]!.AsArray().Add(added);
            }
        });
        ColbertModelFolder after = Export("after");
        string warning = Assert.Single(after.Warnings);
        Assert.All(
            (string[])["1202 rows", "2 tokens", "'<soft>', '<hard>'", "mean of all embeddings"],
            part => Assert.Contains(part, warning, StringComparison.Ordinal));

        float[] old = Rows(before), rows = Rows(after);
        int hiddenSize = old.Length / 1202;
        Assert.Equal(old, rows[..old.Length]);
        Assert.Equal(1204 * hiddenSize, rows.Length);
        for (int i = 0; i < hiddenSize; i++)
        {
            double mean = Enumerable.Range(0, 1202).Average(row => (double)old[(row * hiddenSize) + i]);
            Assert.Equal(mean, rows[(1202 * hiddenSize) + i], 1e-6);
            Assert.Equal(rows[(1202 * hiddenSize) + i], rows[(1203 * hiddenSize) + i]);
        }

        using ColbertModel one = ColbertModel.Load(before.Path), other = ColbertModel.Load(after.Path);
        Assert.Equal(
            one.EncodeDocuments(["a plain text"], cancellation: Token)[0].Values.ToArray(),
            other.EncodeDocuments(["a plain text"], cancellation: Token)[0].Values.ToArray());
        Assert.All(
            other.EncodeDocuments(["a <soft> text of <hard>"], cancellation: Token)[0].Values.ToArray(),
            value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void A_piece_far_behind_the_matrix_is_refused_by_its_name()
    {
        Change(json => json["model"]!["vocab"]!["zzz"] = 5000);
        ColbertException error = Assert.Throws<ColbertException>(() => Export("out"));
        Assert.Equal(ColbertErrorId.TokenizerInvalid, error.Id);
        Assert.Contains("'zzz' the id 5000", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(target.File("out")));
    }

    public void Dispose()
    {
        folder.Dispose();
        target.Dispose();
    }

    private void Change(Action<JsonNode> change)
    {
        JsonNode json = JsonNode.Parse(File.ReadAllBytes(folder.File("tokenizer.json")))!;
        change(json);
        folder.With("tokenizer.json", json.ToJsonString());
    }

    private ColbertModelFolder Export(string name) => ColbertExporter.Export(folder.Path, target.File(name), cancellation: Token);

    private static float[] Rows(ColbertModelFolder model) =>
        MemoryMarshal.Cast<byte, float>(OnnxReader.Read(Path.Combine(model.Path, "model.onnx")).Find(Table)!.Data.ToArray()).ToArray();
}
