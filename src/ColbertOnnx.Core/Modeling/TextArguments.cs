using ColbertOnnx.Text;

namespace ColbertOnnx.Modeling;

/// <summary>Prefixes and prompts as a caller asks for them: an argument beats what the files say (docs/semantics.md, rule 9).</summary>
internal static class TextArguments
{
    public static ColbertSettings Apply(ColbertSettings settings, ColbertModelOptions options) => WithPrompt(
        settings with
        {
            QueryPrefix = Prefix(options.QueryPrefix, nameof(options.QueryPrefix), settings.QueryPrefix, settings),
            DocumentPrefix = Prefix(options.DocumentPrefix, nameof(options.DocumentPrefix), settings.DocumentPrefix, settings),
            QueryPrefixId = Id(options.QueryPrefix, settings.QueryPrefixId, settings),
            DocumentPrefixId = Id(options.DocumentPrefix, settings.DocumentPrefixId, settings),
        },
        options);

    /// <summary>The text that a call puts in front; null where it asks for none, and the model's own goes there.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: no prompt has that name.</exception>
    public static string? PromptOf(ColbertSettings settings, string? name, string? text)
    {
        if (text is not null) return Whole(text);
        if (name is null) return null;
        return settings.Prompts.Value.TryGetValue(name, out string? found) ? found : throw Unknown(name, settings);
    }

    private static Setting<string> Prefix(string? argument, string name, Setting<string> read, ColbertSettings settings)
    {
        if (argument is null) return read;
        // In this format the marks are text of the prompts: a token beside them would be a second mark.
        if (argument.Length > 0 && settings is { QueryPromptName.Value: not null, DocumentPromptName.Value: not null })
        {
            throw new ColbertException(
                ColbertErrorId.InputInvalid,
                $"{name} is '{argument}', but the model is of sentence-transformers 6, where prompts take the place of prefixes.",
                argument,
                "Give the text with Prompt (-Prompt, --prompt) instead.");
        }

        return new(Whole(argument), SettingSource.Argument);
    }

    // A text that the settings know keeps the id that they give it; of another one the tokenizer is asked.
    private static Setting<int?> Id(string? argument, Setting<int?> read, ColbertSettings settings)
    {
        if (argument is null) return read;
        Setting<int?> known = argument == settings.QueryPrefix.Value
            ? settings.QueryPrefixId
            : argument == settings.DocumentPrefix.Value ? settings.DocumentPrefixId
            : default;
        return known.Value is null || argument.Length == 0 ? new(null, SettingSource.Argument) : known;
    }

    private static ColbertSettings WithPrompt(ColbertSettings settings, ColbertModelOptions options)
    {
        if (options.Prompt is not null)
            return settings with { Prompt = new(PromptOf(settings, null, options.Prompt), SettingSource.Argument) };
        if (options.PromptName is not { } name) return settings;
        _ = PromptOf(settings, name, null);
        var chosen = new Setting<string?>(name, SettingSource.Argument);
        return settings with
        {
            Prompt = new(null, SettingSource.Argument),
            DefaultPromptName = chosen,
            QueryPromptName = settings.QueryPromptName.Value is null ? settings.QueryPromptName : chosen,
            DocumentPromptName = settings.DocumentPromptName.Value is null ? settings.DocumentPromptName : chosen,
        };
    }

    private static ColbertException Unknown(string name, ColbertSettings settings)
    {
        bool hasNone = settings.Prompts.Value.Count == 0;
        return new ColbertException(
            ColbertErrorId.InputInvalid,
            hasNone
                ? $"The model has no prompts, so that none is called '{name}'."
                : $"The model has no prompt '{name}'; it has {Names.Listed(settings.Prompts.Value.Keys)}.",
            name,
            hasNone
                ? "Give the text itself with Prompt (-Prompt, --prompt)."
                : "Give one of these names, or the text itself with Prompt (-Prompt, --prompt).");
    }

    private static string Whole(string text)
    {
        LoneSurrogates.Refuse(text);
        return text;
    }
}
