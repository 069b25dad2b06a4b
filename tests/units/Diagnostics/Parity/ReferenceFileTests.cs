using System.Text.Json;
using System.Text.RegularExpressions;
using ColbertOnnx.Diagnostics;
using ColbertOnnx.Diagnostics.Parity.References;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Tests.Inputs;

namespace ColbertOnnx.Tests.Diagnostics.Parity;

public sealed partial class ReferenceFileTests(ITestOutputHelper output)
{
    private static readonly string Tiny = TestData.Path("onnx", "bert-base");

    [Theory]
    [InlineData("reference_embeddings.json", 7)]
    [InlineData("texts.json", 60)]
    [InlineData("embeddings.safetensors", 60)]
    [InlineData("", 60)]
    public void PyLates_vectors_for_the_embedded_model_are_read_in_each_form_and_the_model_passes(string file, int texts)
    {
        using ColbertModel model = ColbertModel.Load();
        ColbertParity parity = ColbertReference.Compare(
            model, Path.Combine(TestData.Path("minilm-reference"), file), cancellation: TestContext.Current.CancellationToken);
        Assert.True(parity.Passed);
        Assert.Equal((texts, 0), (parity.Texts, parity.OtherRows));
        output.WriteLine(
            $"{file}: cosine {parity.MeanCosine:f5} on average, {parity.SmallestCosine:f5} at least, tau {parity.Ranking!.KendallTau:f3}");
        Assert.InRange(parity.MeanCosine, 0.9986, 0.9999);
        Assert.InRange(parity.SmallestCosine, 0.992, 0.9999);
        Assert.InRange(parity.Ranking!.KendallTau, 0.85, 1);
        Assert.Equal(0.95, parity.Thresholds.MinimumCosine);
    }

    [Fact]
    public void Embeddings_of_ours_are_a_reference_also_beside_the_texts_that_they_were_encoded_from()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("corpus.json", "{\"texts\":[\"bread\",\"salt\"]}");
        using ColbertModel model = ColbertModel.Load(Tiny);
        ColbertEmbeddingFile.Write(
            folder.File("corpus.safetensors"),
            model.EncodeDocuments(["bread", "salt"], cancellation: TestContext.Current.CancellationToken));
        ColbertParity parity = ColbertReference.Compare(
            model, folder.File("corpus.safetensors"), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((true, 2), (parity.Passed, parity.Texts));
    }

    [Fact]
    public void A_case_of_PyLate_is_a_reference_and_runs_with_arguments_are_left_out_with_a_warning()
    {
        using ColbertModel model = ColbertModel.Load(Tiny);
        ColbertParity parity = ColbertReference.Compare(
            model, TestData.Path("pylate", "bert-base", "reference.json"), cancellation: TestContext.Current.CancellationToken);
        Assert.True(parity.Passed);
        Assert.Equal((56, 28), (parity.Texts, parity.Queries));
        Assert.InRange(parity.LargestDifference, 1e-9, 1e-5);
        Assert.Contains("pool2_protect1", Assert.Single(parity.Warnings), StringComparison.Ordinal);
        Assert.Empty(parity.SettingsThatDiffer);
        Assert.Contains("pylate", parity.MadeBy, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void The_stored_reference_of_ours_holds_and_writing_it_again_gives_the_same_texts()
    {
        using ColbertModel model = ColbertModel.Load(Tiny);
        ColbertParity parity = ColbertReference.Compare(
            model, TestData.Path("references", "bert-base.safetensors"), new() { Tolerance = 1e-5 },
            cancellation: TestContext.Current.CancellationToken);
        Assert.True(parity.Passed, parity.ToString());
        using var folder = new TemporaryFolder();
        ColbertReference.Write(model, folder.File("again.safetensors"), cancellation: TestContext.Current.CancellationToken);
        string stored = File.ReadAllText(TestData.Path("references", "bert-base.json")),
            again = File.ReadAllText(folder.File("again.json"));
        Assert.Contains(
            $"\"made_by\": \"ColbertOnnx {typeof(ColbertModel).Assembly.GetName().Version!.ToString(3)}, ONNX Runtime ", again,
            StringComparison.Ordinal);
        Assert.Equal(MadeBy().Replace(stored, ""), MadeBy().Replace(again, ""));
    }

    [Fact]
    public void The_same_model_and_texts_give_the_same_bytes_and_another_tool_reads_them()
    {
        using ColbertModel model = ColbertModel.Load(Tiny, new() { Sessions = 3 });
        using var folder = new TemporaryFolder();
        string[] documents = [.. Enumerable.Range(0, 300).Select(i => string.Concat(Enumerable.Repeat($"text {i} ", 1 + (i % 9))))];
        foreach (string name in (string[])["a", "b"])
            ColbertReference.Write(
                model, folder.File($"{name}/r.safetensors"), ["a query"], documents, cancellation: TestContext.Current.CancellationToken);
        foreach (string file in (string[])["r.safetensors", "r.json"])
            Assert.Equal(File.ReadAllBytes(folder.File($"a/{file}")), File.ReadAllBytes(folder.File($"b/{file}")));
        using var tensors = ColbertOnnx.Safetensors.SafetensorsFile.Open(folder.File("a/r.safetensors"));
        long[] offsets = tensors.Read<long>("document.embedding_offsets");
        float[] rows = tensors.ReadSingles("document.embeddings");
        ColbertEmbedding expected = model.EncodeDocuments([documents[299]])[0];
        Assert.Equal(301, offsets.Length);
        Assert.Equal(expected.Values.ToArray(), rows[(int)(offsets[299] * 16)..]);
        Assert.Equal(["a", "b"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).Order());
        Assert.Equal(2, Directory.EnumerateFiles(folder.File("a")).Count());
    }

    [Fact]
    public void What_is_there_is_replaced_only_by_force_and_a_failure_leaves_it_alone()
    {
        using ColbertModel model = ColbertModel.Load(Tiny);
        using TemporaryFolder folder = new TemporaryFolder().With("r.json", "mine");
        Assert.Equal(
            ColbertErrorId.OutputExists,
            Assert.Throws<ColbertException>(() => ColbertReference.Write(model, folder.File("r.safetensors"))).Id);
        Assert.Equal(
            ColbertErrorId.InputInvalid,
            Assert.Throws<ColbertException>(() => ColbertReference.Write(
                model, folder.File("r.safetensors"), null, ["fine", "bad \ud800"], force: true)).Id);
        Assert.Equal("mine", File.ReadAllText(folder.File("r.json")));
        Assert.Single(Directory.EnumerateFileSystemEntries(folder.Path));
        ColbertReference.Write(
            model, folder.File("r.safetensors"), null, ["fine"], force: true, cancellation: TestContext.Current.CancellationToken);
        Assert.True(ColbertReference.Compare(model, folder.Path + "/r.json", cancellation: TestContext.Current.CancellationToken).Passed);
    }

    [Fact]
    public void Verification_files_take_their_texts_from_the_documents_beside_them()
    {
        using ColbertModel model = ColbertModel.Load(Tiny);
        string[] documents = ["the first one", "the second one", "the third one"];
        IReadOnlyList<ColbertEmbedding> embeddings = model.EncodeDocuments(documents, cancellation: TestContext.Current.CancellationToken);
        // Not in ascending order: the documents are read again.
        int[] order = [0, 2, 1];
        string list = JsonSerializer.Serialize(order.Select(i =>
            new { doc_index = i, shape = new[] { embeddings[i].TokenCount, 16 }, embeddings = Rows(embeddings[i]) }));
        using TemporaryFolder folder = new TemporaryFolder().With("pylate_verification_embeddings.json", list)
            .With("benchmark_documents.json", JsonSerializer.Serialize(new { documents, target_tokens = 500 }));
        List<ColbertTextParity> texts = [];
        ColbertParity parity = ColbertReference.Compare(
            model, folder.File("pylate_verification_embeddings.json"), accept: texts.Add,
            cancellation: TestContext.Current.CancellationToken);
        Assert.True(parity.Passed);
        Assert.Null(parity.Ranking);
        Assert.Equal(order.Select(i => documents[i]), texts.Select(text => text.Text));

        folder.With("other.json", JsonSerializer.Serialize(new { documents }));
        File.Delete(folder.File("benchmark_documents.json"));
        Assert.True(ColbertReference.Compare(
            model, folder.File("pylate_verification_embeddings.json"), texts: folder.File("other.json"),
            cancellation: TestContext.Current.CancellationToken).Passed);
    }

    [Theory]
    [InlineData("r.jsonl", false)]
    [InlineData("r.npz", true)]
    [InlineData("r", true)]
    public void Embeddings_as_they_are_kept_are_references_with_their_texts(string name, bool needsTexts)
    {
        using ColbertModel model = ColbertModel.Load(Tiny);
        using var folder = new TemporaryFolder();
        string[] documents = ["the first one", "the second", "the third one and more"];
        using (IEmbeddingWriter writer = EmbeddingWriter.Open(folder.File(name)))
        {
            foreach (ColbertEmbedding embedding in model.EncodeDocuments(documents, cancellation: TestContext.Current.CancellationToken))
                writer.Write(embedding);
            writer.Complete();
        }

        folder.With("texts.txt", string.Join('\n', documents) + "\n");
        Assert.True(ColbertReference.Compare(
            model, folder.File(name), texts: needsTexts ? folder.File("texts.txt") : null,
            cancellation: TestContext.Current.CancellationToken).Passed);
        folder.With("fewer.txt", "the first one\n");
        if (needsTexts)
            Assert.Equal(
                ColbertErrorId.ReferenceInvalid,
                Assert.Throws<ColbertException>(() => ColbertReference.Compare(
                    model, folder.File(name), texts: folder.File("fewer.txt"))).Id);
    }

    [Fact]
    public void A_reference_of_another_model_is_told_as_such()
    {
        using ColbertModel model = ColbertModel.Load(Tiny), other = ColbertModel.Load(TestData.Path("onnx", "roberta-base"));
        // Other tokens, so other counts; and as it is with models that were trained apart, directions that have nothing in common.
        var random = new Random(1);
        float[][] Rows(int count) =>
            [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, 16).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray())];
        var list = other.EncodeDocuments(ReferenceTexts.Documents, cancellation: TestContext.Current.CancellationToken)
            .Select(e => new { text = e.Text, kind = "document", embeddings = Rows(e.TokenCount + 5) });
        using TemporaryFolder folder = new TemporaryFolder().With("r.json", JsonSerializer.Serialize(list));
        ColbertException error = Assert.Throws<ColbertException>(() => ColbertReference.Compare(model, folder.File("r.json")));
        Assert.Equal(ColbertErrorId.ReferenceInvalid, error.Id);
        Assert.Contains("of another model than 'bert-base'", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("r.json:1", error.Target, StringComparison.Ordinal);
    }

    [Fact]
    public void JSON_that_comes_byte_by_byte_gives_the_same_tokens()
    {
        byte[] content = File.ReadAllBytes(TestData.Path("minilm-reference", "reference_embeddings.json"));
        content = [.. "[["u8, .. content.AsSpan(content.AsSpan().IndexOf("{"u8), 60_000)];
        // What is cut off must be found as well, wherever the buffer ends.
        Assert.Equal(Tokens(new MemoryStream(content)), Tokens(new TricklingStream(content)));
    }

    private static List<string> Tokens(Stream stream)
    {
        using var cursor = new JsonCursor(stream, "r.json");
        var numbers = new FloatBuffer();
        List<string> tokens = [];
        try
        {
            while (cursor.Read())
            {
                tokens.Add($"{cursor.Token} {cursor.Depth} {cursor.Location}");
                if (cursor.Token == JsonTokenType.PropertyName && cursor.GetString() == "pylate_shape") cursor.Skip();
                if (cursor.Token is JsonTokenType.String or JsonTokenType.PropertyName) tokens.Add(cursor.GetString());
                if (cursor.Token != JsonTokenType.StartArray || cursor.Depth != 4) continue;
                cursor.ReadNumbers(numbers);
                tokens.Add($"{numbers.Count} {cursor.Location}");
            }
        }
        catch (ColbertException error)
        {
            tokens.Add(error.Message);
        }

        return tokens;
    }

    private static float[][] Rows(ColbertEmbedding embedding) =>
        [.. Enumerable.Range(0, embedding.TokenCount).Select(row => embedding.Row(row).ToArray())];

    // The releases that made it.
    [GeneratedRegex("\"made_by\": \"[^\"]*\"")]
    private static partial Regex MadeBy();
}
