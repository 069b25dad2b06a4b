using System.Collections;
using System.Management.Automation;
using ColbertOnnx.PowerShell.Binding;
using ColbertOnnx.PowerShell.Commands;

namespace ColbertOnnx.Tests.Faces;

// Looks at what this process has open, which other tests of the class's collection change too.
[Collection(nameof(Alone))]
public sealed class TokenCmdletTests
{
    private static readonly string Folder = TestData.Path("onnx", "bert-base");

    [Theory]
    [InlineData("onnx/bert-base")]
    [InlineData("onnx/bert-base/")]
    [InlineData("onnx/bert-base/tokenizer.json")]
    [InlineData(null)]
    public void A_model_that_is_not_open_is_not_opened(string? path)
    {
        int open = OpenModels.All.Count;
        ColbertToken token = Tokens(new() { Model = path is null ? null : TestData.Path(path) }, "hello world").Single();
        Assert.Equal("[CLS]", token.Tokens[0]);
        Assert.Equal(open, OpenModels.All.Count);
    }

    [Fact]
    public void A_folder_needs_no_weights_that_could_be_read()
    {
        using TemporaryFolder folder = new TemporaryFolder().Copy(Folder);
        File.WriteAllBytes(folder.File("model.onnx"), [1, 2, 3]);
        Assert.Equal(32, Tokens(new() { Model = folder.Path, Kind = TextKind.Query }, "hello").Single().Count);
    }

    [Fact]
    public void An_open_model_gives_the_row_of_its_own_settings()
    {
        ColbertModel model = OpenModels.Import(Folder, new() { QueryLength = 11, Sessions = 1 });
        try
        {
            foreach (object? given in new object?[] { model, PSObject.AsPSObject(model), Folder, new DirectoryInfo(Folder), null })
                Assert.Equal(11, Tokens(new() { Model = given, Kind = TextKind.Query }, "hello").Single().Count);
        }
        finally
        {
            OpenModels.Remove(model);
        }
    }

    [Fact]
    public void A_bad_text_is_an_error_of_its_own_and_the_rest_goes_on()
    {
        Recorder recorder = CmdletRun.Run(new ConvertToColbertTokenCommand { Model = Folder }, new object?[] { "a", "x\ud800y", new Hashtable { ["Body"] = "b" } }.Select(Bind));
        Assert.Equal(["a", "b"], recorder.Output.Cast<ColbertToken>().Select(token => token.Text));
        Assert.Equal(ColbertErrorId.InputInvalid, Assert.Single(recorder.Failures).Error.Id);
    }

    [Fact]
    public void A_tokenizer_alone_has_no_queries_and_a_number_is_no_model()
    {
        Recorder recorder = CmdletRun.Run(new ConvertToColbertTokenCommand { Model = Path.Combine(Folder, "tokenizer.json"), Kind = TextKind.Document }, Bind("a"));
        Assert.Equal(ColbertErrorId.InputInvalid, Assert.Single(recorder.Failures).Error.Id);
        recorder = CmdletRun.Run(new ConvertToColbertTokenCommand { Model = 4 }, Bind("a"));
        Assert.Equal(ColbertErrorId.ModelNotFound, Assert.Single(recorder.Failures).Error.Id);
    }

    private static IEnumerable<ColbertToken> Tokens(ConvertToColbertTokenCommand cmdlet, string text)
    {
        Recorder recorder = CmdletRun.Run(cmdlet, Bind(text));
        Assert.Empty(recorder.Failures);
        return recorder.Output.Cast<ColbertToken>();
    }

    private static Action<ConvertToColbertTokenCommand> Bind(object? item) => cmdlet => cmdlet.Text = [item!];
}
