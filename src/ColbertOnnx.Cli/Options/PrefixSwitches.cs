using System.CommandLine;

namespace ColbertOnnx.Cli.Options;

/// <summary>
/// What goes in front of texts: the tokens that mark them, and prompts. One set for all commands that open or export a model.
/// </summary>
internal sealed class PrefixSwitches
{
    private readonly Option<string?> queryPrefix = new("--query-prefix")
    {
        Description = "The token that marks a query; '' for none. Default: the model's.",
        HelpName = "TEXT",
    };
    private readonly Option<string?> documentPrefix = new("--document-prefix")
    {
        Description = "The token that marks a document; '' for none. Default: the model's.",
        HelpName = "TEXT",
    };

    /// <summary>The one that queries do not have.</summary>
    public Option OfDocuments => documentPrefix;

    private readonly Option<string?> promptName = new("--prompt-name")
    {
        Description = "One of the model's prompts, to go in front of every text. Default: the model's own choice.",
        HelpName = "NAME",
    };
    private readonly Option<string?> prompt = new("--prompt")
    {
        Description = "A text to go in front of every text; '' for none. Wins over --prompt-name.",
        HelpName = "TEXT",
    };

    private Option[] All => [queryPrefix, documentPrefix, promptName, prompt];

    public void AddTo(Command command)
    {
        foreach (Option option in All) command.Add(option);
    }

    public bool AreGiven(System.CommandLine.Parsing.CommandResult result) => All.Any(option => result.GetResult(option) is not null);

    public ColbertModelOptions AddTo(ColbertModelOptions model, ParseResult parsed) => model with
    {
        QueryPrefix = parsed.GetValue(queryPrefix),
        DocumentPrefix = parsed.GetValue(documentPrefix),
        PromptName = parsed.GetValue(promptName),
        Prompt = parsed.GetValue(prompt),
    };

    public ColbertExportOptions AddTo(ColbertExportOptions export, ParseResult parsed)
    {
        ColbertModelOptions given = AddTo(new ColbertModelOptions(), parsed);
        return export with
        {
            QueryPrefix = given.QueryPrefix,
            DocumentPrefix = given.DocumentPrefix,
            PromptName = given.PromptName,
            Prompt = given.Prompt,
        };
    }
}
