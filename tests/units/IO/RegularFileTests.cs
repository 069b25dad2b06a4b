using System.Diagnostics;
using ColbertOnnx.Diagnostics;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Hub;
using ColbertOnnx.Inputs;
using ColbertOnnx.Onnx;
using ColbertOnnx.Tests.Diagnostics;
using ColbertOnnx.Tests.Runtime;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Tests.IO;

/// <summary>
/// What lies in a file's place and is none: a pipe without a writer, a device without an end, a folder, a link that leads nowhere.
/// </summary>
public sealed class RegularFileTests
{
    private const string NoUnix = "Windows has no named pipes in folders.";

    public static TheoryData<string, ColbertErrorId, string, string> Places()
    {
        var places = new TheoryData<string, ColbertErrorId, string, string>();
        foreach ((string file, ColbertErrorId id) in ((string, ColbertErrorId)[])
            [
                ("onnx_config.json", ColbertErrorId.ConfigurationInvalid), ("tokenizer.json", ColbertErrorId.TokenizerInvalid),
                ("model.onnx", ColbertErrorId.ModelInvalid), ("model_int8.onnx", ColbertErrorId.ModelInvalid),
            ])
        {
            places.Add(file, id, "pipe", "cannot be read: it is not a regular file.");
            places.Add(file, id, "device", "cannot be read: it is not a regular file.");
            places.Add(file, id, "folder", "cannot be read: it is a folder.");
            places.Add(file, id, "dangling link", "cannot be read: it is a link to 'nowhere', which is not there.");
        }

        return places;
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_model_whose_file_is_none_says_what_it_is(string file, ColbertErrorId id, string what, string message)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), NoUnix);
        using TemporaryFolder folder = new TemporaryFolder().Copy(TestData.Path("onnx", "bert-base"));
        Put(folder.File(file), what);
        ColbertException error = await Pipes.Error(() =>
            ColbertModel.Load(folder.Path, new() { Quantized = file == "model_int8.onnx" ? true : null }).Dispose());
        Assert.Equal(id, error.Id);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config.json", ColbertErrorId.ConfigurationInvalid)]
    [InlineData("tokenizer.json", ColbertErrorId.TokenizerInvalid)]
    [InlineData("model.safetensors", ColbertErrorId.WeightsInvalid)]
    public async Task A_checkpoint_is_not_waited_for(string file, ColbertErrorId id)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), NoUnix);
        using TemporaryFolder folder = new TemporaryFolder().CopyAll(CheckpointFolder.Of("bert-base"));
        Pipes.Make(folder.File(file));
        ColbertException error = await Pipes.Error(() => ColbertExporter.Export(folder.Path, folder.File("out")));
        Assert.Equal(id, error.Id);
        Assert.Contains("not a regular file", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("seal.txt")]
    [InlineData("model.onnx")]
    [InlineData("model.onnx.data")]
    [InlineData("../CACHEDIR.TAG")]
    public async Task An_entry_of_the_weights_cache_that_would_be_waited_for_is_not_used(string file)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), NoUnix);
        using PackedModel model = new("bert-base");
        float[] plain = model.PlainRows();
        Assert.Equal(plain, model.Rows());
        Pipes.Make(Path.Combine(model.Entry, file));
        Assert.Equal(file == "../CACHEDIR.TAG" ? plain : null, await Pipes.Ends(() => model.Rows()));
    }

    [Theory]
    [InlineData("x.npy")]
    [InlineData("x.npz")]
    [InlineData("x.safetensors")]
    public async Task Embeddings_that_are_read_at_any_place_come_from_no_pipe(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), NoUnix);
        using var folder = new TemporaryFolder();
        string pipe = Pipes.Make(folder.File(name));
        ColbertException error = await Pipes.Error(() => ColbertEmbeddingFile.Read(pipe).ToArray());
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains("not a regular file", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("r.json", "r.json")]
    [InlineData("r.safetensors", "r.json")]
    [InlineData("r.npy", "r.npy")]
    public async Task A_reference_is_not_waited_for(string name, string pipe)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), NoUnix);
        using TemporaryFolder folder = new TemporaryFolder().With(name).With("r.jsonl", "\"a\"\n");
        Pipes.Make(folder.File(pipe));
        using ColbertModel model = ColbertModel.Load(TestData.Path("onnx", "bert-base"));
        ColbertException error = await Pipes.Error(() => ColbertReference.Compare(model, folder.File(name)));
        Assert.Equal(ColbertErrorId.ReferenceInvalid, error.Id);
        Assert.Contains("not a regular file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_file_of_a_graph_is_not_waited_for()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), NoUnix);
        using TemporaryFolder folder = new TemporaryFolder().With("model.onnx");
        Pipes.Make(folder.File("model.onnx.data"));
        ColbertException error = await Pipes.Error(() => ExternalData.Resolve(folder.File("model.onnx"), "model.onnx.data"));
        Assert.Equal(ColbertErrorId.ModelInvalid, error.Id);
        Assert.Contains("not a regular file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_goes_on_waits_at_no_pipe()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), NoUnix);
        using TemporaryFolder folder = new TemporaryFolder().With(".out.safetensors.partial/journal.jsonl");
        Pipes.Make(folder.File(".out.safetensors.partial/journal.jsonl"));
        var what = new EmbeddingWriterOptions { Resume = new Dictionary<string, string> { ["run"] = "this" } };
        ColbertException error = await Pipes.Error(() =>
        {
            using StagedWriter writer = EmbeddingWriter.Open(folder.File("out.safetensors"), what);
            writer.Write(new ColbertEmbedding(TextKind.Document, "text", new float[] { 1, 2 }, 2));
            writer.Complete();
        });
        Assert.Equal(ColbertErrorId.OutputFailed, error.Id);
        Assert.Contains("not a regular file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_file_is_not_waited_for()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), NoUnix);
        using var folder = new TemporaryFolder();
        string pipe = Pipes.Make(folder.File("token"));
        ColbertException error = await Pipes.Error(() => HubToken.ReadFile(pipe));
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains("not a regular file", error.Message, StringComparison.Ordinal);
        using (FileStream large = File.Create(folder.File("large"))) large.SetLength(Limits.HubNote + 1);
        Assert.Contains(
            "HubNote", Assert.Throws<ColbertException>(() => HubToken.ReadFile(folder.File("large"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_baseline_may_come_from_a_pipe_and_has_an_end()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), NoUnix);
        using TemporaryFolder folder = new TemporaryFolder().With("stored.jsonl", Results.Of().ToJson());
        string pipe = Pipes.Make(folder.File("baseline"));
        using Process writer =
            ChildProcess.Start(new ProcessStartInfo("sh", ["-c", "cat \"$0\" > \"$1\"", folder.File("stored.jsonl"), pipe]));
        Assert.Null((await Pipes.Ends(() => ThroughputBaseline.Read(pipe))).Check(Results.Of()));
        ColbertException error = await Pipes.Error(() => ThroughputBaseline.Read("/dev/zero"));
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains("LargestBaseline", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_may_come_from_a_pipe()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), NoUnix);
        using var folder = new TemporaryFolder();
        string pipe = Pipes.Make(folder.File("texts.txt"));
        using Process writer = ChildProcess.Start(new ProcessStartInfo("sh", ["-c", "printf 'a\\nb\\n' > \"$0\"", pipe]));
        Assert.Equal(
            ["a", "b"], await Pipes.Ends(() => InputReader.ReadFile(pipe, new InputOptions()).Select(item => item.Text).ToArray()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_tokenizer_beyond_the_limit_is_refused_by_its_length(bool isLink)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("tokenizer.json"), target = isLink ? folder.File("blob") : file;
        using (FileStream made = File.Create(target)) made.SetLength(Limits.TokenizerFile + 1);
        if (isLink) File.CreateSymbolicLink(file, target);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ColbertException error = Assert.Throws<ColbertException>(() => Tokenizer.Load(file));
        Assert.Equal(ColbertErrorId.TokenizerUnsupported, error.Id);
        Assert.Contains("(the limit TokenizerFile)", error.Message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < Limits.TokenizerFile / 8);
    }

    private static void Put(string path, string what)
    {
        File.Delete(path);
        switch (what)
        {
            case "pipe": Pipes.Make(path); break;
            case "device": File.CreateSymbolicLink(path, "/dev/zero"); break;
            case "folder": Directory.CreateDirectory(path); break;
            case "dangling link": File.CreateSymbolicLink(path, "nowhere"); break;
        }
    }
}
