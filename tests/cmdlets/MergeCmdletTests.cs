using System.Collections;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Tests.Cmdlets;

[Collection(nameof(Alone))]
public sealed class MergeCmdletTests : IDisposable
{
    private readonly TemporaryFolder folder = new TemporaryFolder().With("corpus.txt", "bread rises\nthe moon\nsalt\n");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Shards_are_merged_from_a_wildcard_or_the_pipeline()
    {
        Encode();
        CmdletRun run = Merge(new() { ["Path"] = folder.File("shard-*"), ["Destination"] = folder.File("all.npz"), ["PassThru"] = true });
        Assert.Empty(run.Failures);
        Assert.Equal(folder.File("all.npz"), Assert.IsType<FileInfo>(Assert.Single(run.Output)).FullName);
        Assert.Equal(
            ["bread rises", "the moon", "salt"], ColbertEmbeddingFile.Read(folder.File("all.npz")).Select(embedding => embedding.Text));
        Assert.Equal(
            ColbertErrorId.OutputExists,
            Assert.Single(Merge(new() { ["Path"] = folder.File("shard-*"), ["Destination"] = folder.File("all.npz") }).Failures).Error.Id);
        Assert.Empty(Merge(new() { ["Path"] = folder.File("shard-*"), ["Destination"] = folder.File("all.npz"), ["Force"] = true }).Output);
        Assert.Empty(Merge(new()
        {
            ["Path"] = folder.File("shard-*"),
            ["Destination"] = folder.File("never.npz"),
            ["WhatIf"] = true,
        }).Output);
        Assert.False(File.Exists(folder.File("never.npz")));
    }

    [Fact]
    public void Strings_of_the_pipeline_are_outputs()
    {
        Encode();
        string[] shards = [folder.File("shard-3.npz"), folder.File("shard-[12].npz")];
        CmdletRun run = Merge(new() { ["Destination"] = folder.File("all.npz"), ["PassThru"] = true }, shards);
        Assert.Empty(run.Failures);
        Assert.Equal(folder.File("all.npz"), Assert.IsType<FileInfo>(Assert.Single(run.Output)).FullName);
        string[] some = [folder.File("shard-[13].npz")];
        Assert.Equal("2", Assert.IsType<ShardReport>(Assert.Single(Merge(new() { ["Check"] = true }, some).Output)).Array);
        IEnumerable<FileInfo> files = Directory.GetFiles(folder.Path, "shard-*.npz").Select(path => new FileInfo(path));
        run = Merge(new() { ["Destination"] = folder.File("files.npz") }, files);
        Assert.Empty(run.Failures);
        Assert.Equal(File.ReadAllBytes(folder.File("all.npz")), File.ReadAllBytes(folder.File("files.npz")));
    }

    [Fact]
    public void What_is_missing_is_an_object()
    {
        Encode();
        File.Delete(folder.File("shard-2.npz"));
        var report = Assert.IsType<ShardReport>(Assert.Single(Merge(new()
        {
            ["LiteralPath"] = (string[])[folder.File("shard-3.npz"), folder.File("shard-2.npz"), folder.File("shard-1.npz")],
            ["Check"] = true,
        }).Output));
        Assert.Equal(("2", false), (report.Array, report.IsComplete));
        Assert.Equal(
            "Nothing is merged. Shards 2-3 of 3 are to be encoded.",
            Assert.Single(Merge(new()
            {
                ["LiteralPath"] = folder.File("shard-1.npz"),
                ["Destination"] = folder.File("all.npz"),
            }).Failures).Error.Message);
        Assert.Contains(
            "no shard to merge",
            Assert.Single(Merge(new() { ["LiteralPath"] = folder.File("corpus.txt"), ["Check"] = true }).Failures).Error.Message,
            StringComparison.Ordinal);
    }

    private static CmdletRun Merge(Dictionary<string, object?> parameters, IEnumerable? input = null) =>
        CmdletRun.Run("Merge-ColbertEmbedding", new(parameters), input);

    private void Encode()
    {
        using ColbertModel model = ColbertModel.Load(TestData.Path("onnx", "bert-base"));
        foreach (int index in (int[])[1, 2, 3])
        {
            string[] inputs = [folder.File("corpus.txt")];
            var shard = new ColbertShard(index, 3);
            using var run = new ColbertRun(
                folder.File($"shard-{index}.npz"), model,
                new ColbertRunOptions { Kind = TextKind.Document, Inputs = inputs, Shard = shard });
            using ColbertEncodeStream stream = model.OpenStream(TextKind.Document);
            foreach (InputItem item in run.Read(InputReader.Divide(inputs, shard).SelectMany(part => InputReader.ReadPart(part))))
                stream.Push(new ColbertText(item.Text, item.Id), Take);
            stream.Finish(Take);
            run.Complete();

            void Take(ColbertEncodeResult result) => run.Write(result.GetEmbedding());
        }
    }
}
