using ColbertOnnx.Tests.Runtime;

namespace ColbertOnnx.Tests.Embeddings;

/// <summary>What the values of embeddings depend on is a part of what a run is.</summary>
public sealed class ModelIdentityTests
{
    private static readonly string Model = TestData.Path("onnx", "bert-base");

    public static TheoryData<string, ColbertModelOptions> Others => new()
    {
        { "providers", new() { ExecutionProviders = ["Cuda", "Cpu"] } },
        { "provider options", new() { ProviderOptions = new Dictionary<string, string> { ["use_tf32"] = "1" } } },
        { "provider library", new() { ProviderLibrary = "/opt/plug-in.so" } },
        { "Skiplist", new() { Skiplist = ["a b"] } },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Each_of_them_is_a_field(string field, ColbertModelOptions options)
    {
        Assert.Contains(field, Changed(ColbertModel.ReadIdentity(Model), ColbertModel.ReadIdentity(Model, options)));
    }

    [Fact]
    public void A_list_of_one_item_with_a_blank_is_not_one_of_two()
    {
        string[][] lists = [["a b"], ["a", "b"], ["a b", ""], ["\"a", "b\""], ["\\\"a", "b"], []];
        Assert.Equal(
            lists.Length, lists.Select(list => ColbertModel.ReadIdentity(Model, new() { Skiplist = list })["Skiplist"]).Distinct().Count());
        Assert.Equal("! x", ColbertModel.ReadIdentity(Model, new() { Skiplist = ["!", "x"] })["Skiplist"]);
    }

    [Fact]
    public void The_tokens_that_a_tokenizer_s_settings_name_are_a_field()
    {
        using TemporaryFolder folder = new TemporaryFolder().CopyAll(Model);
        IReadOnlyDictionary<string, string> before = ColbertModel.ReadIdentity(folder.Path);
        folder.With("tokenizer_config.json", "{\"mask_token\":\"[MASK]\",\"unk_token\":\"[UNK]\"}");
        IReadOnlyDictionary<string, string> now = ColbertModel.ReadIdentity(folder.Path);
        Assert.Equal(["named tokens"], Changed(before, now));
        folder.With("tokenizer_config.json", "{\"mask_token\":\"[PAD]\",\"unk_token\":\"[UNK]\"}");
        Assert.Equal(["named tokens"], Changed(now, ColbertModel.ReadIdentity(folder.Path)));
    }

    [Fact]
    public void A_model_says_of_itself_what_its_folder_said_before()
    {
        var options = new ColbertModelOptions { BatchSize = 3, ThreadsPerSession = 2, Skiplist = ["a b"] };
        using ColbertModel model = ColbertModel.Load(Model, options);
        Assert.Equal(ColbertModel.ReadIdentity(Model, options), model.GetIdentity());
        Assert.DoesNotContain("providers", model.GetIdentity().Keys);
    }

    [Fact]
    public void A_data_file_that_links_to_itself_is_left_to_who_opens_the_model()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A link needs rights.");
        using TemporaryFolder folder = new TemporaryFolder().CopyAll(Model);
        new TestGraph { ExternalFile = "weights.bin" }.Write(folder.Path);
        File.Delete(folder.File("weights.bin"));
        File.CreateSymbolicLink(folder.File("weights.bin"), "weights.bin");
        var options = new ColbertModelOptions { Quantized = false };
        Assert.NotEmpty(ColbertModel.ReadIdentity(folder.Path, options));
        Assert.Equal(
            ColbertErrorId.ModelIncomplete, Assert.Throws<ColbertException>(() => ColbertModel.Load(folder.Path, options)).Id);
    }

    private static IEnumerable<string> Changed(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> now) =>
        before.Keys.Union(now.Keys).Where(name => before.GetValueOrDefault(name) != now.GetValueOrDefault(name));
}
