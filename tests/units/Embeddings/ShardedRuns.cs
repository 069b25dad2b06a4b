using System.Globalization;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Tests.Embeddings;

/// <summary>Runs over a small corpus with all that makes shards uneven: texts that fail, empty ones, two files.</summary>
internal sealed class ShardedRuns : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ColbertModel model = ColbertModel.Load(TestData.Path("onnx", "bert-base"));

    public ShardedRuns(int texts = 14)
    {
        IEnumerable<string> lines = Enumerable.Range(0, texts).Select(i => i switch
        {
            3 => "{\"text\": \"\"}",
            5 => "{\"id\": \"bad\", \"text\": 7}",
            6 => "{\"id\": \"cut",
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"id\": \"t{i}\", \"text\": \"Bread \u00fc {i} rises{string.Concat(Enumerable.Repeat(" and salt", i % 5))}.\"}}"),
        });
        folder.With("a.jsonl", string.Join('\n', lines) + "\n").With("b.jsonl", "{\"id\": \"last\", \"text\": \"The moon.\"}");
    }

    public string[] Inputs => [folder.File("a.jsonl"), folder.File("b.jsonl")];

    public string File(string name) => folder.File(name);

    /// <summary>Encodes a shard, or with 0 the whole input; gives the output's path.</summary>
    public string Encode(
        string name, int index = 0, int count = 0, ColbertEmbeddingFileOptions? file = null, TextKind kind = TextKind.Document,
        ColbertModel? with = null)
    {
        string path = folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        ColbertShard? shard = index == 0 ? null : new(index, count);
        var options = new ColbertRunOptions { Kind = kind, Inputs = Inputs, File = file ?? new(), Shard = shard };
        using var run = new ColbertRun(path, with ?? model, options);
        IEnumerable<InputItem> items = shard is null
            ? Inputs.SelectMany(input => InputReader.ReadFile(input))
            : InputReader.Divide(Inputs, shard).SelectMany(part => InputReader.ReadPart(part));
        var encoding = new ColbertEncodeOptions { IncludeTokens = options.File.IncludeTokens == true };
        foreach (InputItem item in run.Read(items))
        {
            if (item.Error is { } error) run.Fail(error, item.Id, item.Location);
            else run.Write(Embedding(with ?? model, new ColbertText(item.Text, item.Id), kind, encoding));
        }

        run.Complete();
        return path;
    }

    /// <summary>All shards, in another order than theirs.</summary>
    public string[] EncodeAll(string name, int count, ColbertEmbeddingFileOptions? file = null, TextKind kind = TextKind.Document) =>
        [.. Enumerable.Range(1, count).Select(index => Encode($"shards/{index}-{name}", index, count, file, kind)).Reverse()];

    public void Change(string output, Func<RunManifest, RunManifest> change)
    {
        string path = RunManifest.PathOf(output);
        System.IO.File.WriteAllBytes(path, change(RunManifest.Read(path)).ToJson());
    }

    private static ColbertEmbedding Embedding(ColbertModel model, ColbertText text, TextKind kind, ColbertEncodeOptions options)
    {
        using ColbertEncodeStream stream = model.OpenStream(kind, options);
        ColbertEmbedding? embedding = null;
        stream.Push(text, result => embedding = result.GetEmbedding());
        stream.Finish(result => embedding = result.GetEmbedding());
        return embedding!;
    }

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
    }
}
