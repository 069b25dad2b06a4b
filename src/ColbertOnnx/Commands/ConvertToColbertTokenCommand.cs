using System.Management.Automation;
using ColbertOnnx.Modeling;
using ColbertOnnx.PowerShell.Binding;

namespace ColbertOnnx.PowerShell.Commands;

/// <summary>What a model's tokenizer makes of texts; with -Query or -Document the row that the model gets.</summary>
[Cmdlet(VerbsData.ConvertTo, "ColbertToken", DefaultParameterSetName = "Alone")]
[OutputType(typeof(ColbertToken))]
public sealed class ConvertToColbertTokenCommand : ColbertCmdlet
{
    private TextTokenizer? tokenizer;
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
    public string? TextProperty { get; set; }

    [Parameter]
    [ValidateNotNull]
    public object? Model { get; set; }

    private protected override void Begin()
    {
        TextKind? kind = ParameterSetName switch { "Query" => TextKind.Query, "Document" => TextKind.Document, _ => null };
        tokenizer = new TextTokenizer(ModelArgument.Resolve(Model, Paths).Profile, kind);
        binder = new TextBinder(TextProperty, null);
    }

    private protected override void Record()
    {
        foreach (object? item in Text ?? [null!]) Attempt(() => Out.WriteObject(tokenizer!.Tokenize(binder!.Bind(item).Text)), item);
    }
}
