using System.Management.Automation;
using ColbertOnnx.PowerShell.Binding;

namespace ColbertOnnx.PowerShell.Commands;

/// <summary>What a model's tokenizer makes of texts; with -Query or -Document the model input.</summary>
[Cmdlet(VerbsData.ConvertTo, "ColbertToken", DefaultParameterSetName = "Alone")]
[OutputType(typeof(ColbertTokenization))]
public sealed class ConvertToColbertTokenCommand : ColbertCmdlet
{
    private ColbertTokenizer? tokenizer;
    private TextBinder? binder;

    [Parameter(ParameterSetName = "Query", Mandatory = true)]
    public SwitchParameter Query { get; set; }

    [Parameter(ParameterSetName = "Document", Mandatory = true)]
    public SwitchParameter Document { get; set; }

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Body", "Content")]
    [AllowNull]
    [AllowEmptyString]
    public object[]? Text { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PropertyCompleter))]
    public string? TextProperty { get; set; }

    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public object? Model { get; set; }

    [Parameter(ParameterSetName = "Query")]
    [Parameter(ParameterSetName = "Document")]
    [ArgumentCompleter(typeof(PromptNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? PromptName { get; set; }

    [Parameter(ParameterSetName = "Query")]
    [Parameter(ParameterSetName = "Document")]
    [AllowEmptyString]
    public string? Prompt { get; set; }

    private TextKind? Kind => Query ? TextKind.Query : Document ? TextKind.Document : null;

    private protected override void Begin()
    {
        var call = new ColbertEncodeOptions { PromptName = PromptName, Prompt = Prompt };
        tokenizer = ModelArgument.ResolveTokenizer(Model, Paths, Kind, call);
        foreach (string warning in call.GetWarnings()) Out.WriteWarning(warning);
        binder = new TextBinder(TextProperty, null);
    }

    private protected override void Record()
    {
        foreach (object? item in Text ?? [null!])
            Attempt(() => Out.WriteObject(tokenizer!.Tokenize(binder!.Bind(item).Text, StopToken)), item);
    }
}
