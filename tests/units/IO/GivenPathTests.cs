using ColbertOnnx.Diagnostics;

namespace ColbertOnnx.Tests.IO;

/// <summary>Paths that are none, in C#.</summary>
public sealed class GivenPathTests
{
    private static readonly string Model = TestData.Path("onnx", "bert-base");

    public static TheoryData<string, ColbertErrorId> Calls()
    {
        var calls = new TheoryData<string, ColbertErrorId>();
        foreach (string name in Actions("").Keys)
            calls.Add(name, name is "Compare" ? ColbertErrorId.ReferenceInvalid : ColbertErrorId.InputInvalid);
        return calls;
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void What_is_no_path_is_an_error_with_an_id(string call, ColbertErrorId id)
    {
        foreach (string path in (string[])["", " ", "a\0b"])
        {
            ColbertException error = Assert.Throws<ColbertException>(Actions(path)[call]);
            Assert.Equal(id, error.Id);
            Assert.Contains("is not the path of ", error.Message, StringComparison.Ordinal);
        }
    }

    private static Dictionary<string, Action> Actions(string path) => new()
    {
        ["Write"] = () => ColbertEmbeddingFile.Write(path, []),
        ["Append"] = () => ColbertEmbeddingFile.Write(path, [], new() { Append = true }),
        ["Read"] = () => ColbertEmbeddingFile.Read(path).ToArray(),
        ["ProfilePath"] = () => ColbertModel.Load(Model, new() { ProfilePath = path }).Dispose(),
        ["ProviderLibrary"] = () => ColbertModel.Load(Model, new() { ProviderLibrary = path }).Dispose(),
        ["Providers"] = () => ColbertRuntime.GetExecutionProviders(path),
        ["Compare"] = () => With(model => ColbertReference.Compare(model, path)),
        ["Reference"] = () => With(model => ColbertReference.Write(model, path, ["a"], null)),
        ["Baseline"] = () => ThroughputBaseline.Read(path),
        ["Export"] = () => ColbertExporter.Export(CheckpointFolder.Of("bert-base"), path),
    };

    private static void With(Action<ColbertModel> use)
    {
        using ColbertModel model = ColbertModel.Load(Model);
        use(model);
    }
}
