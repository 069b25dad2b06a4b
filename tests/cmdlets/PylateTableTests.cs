using System.Text.RegularExpressions;
using ColbertOnnx.Help;
using ColbertOnnx.PowerShell.Commands;
using ColbertOnnx.Tests.Faces;

namespace ColbertOnnx.Tests.Cmdlets;

/// <summary>docs/pylate.md has a row for each argument of theirs, and what it names on our side is there.</summary>
public sealed partial class PylateTableTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(TestData.Repository, "docs", "pylate.md"));

    public static TheoryData<string, string> Theirs() => new()
    {
        {
            "## The model: `ColBERT(…)`",
            "model_name_or_path modules device prompts default_prompt_name similarity_fn_name cache_folder trust_remote_code revision "
            + "local_files_only token use_auth_token truncate_dim embedding_size bias "
            + "query_prefix document_prefix truncation query_length document_length do_query_expansion attend_to_expansion_tokens "
            + "skiplist_words model_kwargs tokenizer_kwargs config_kwargs model_card_data"
        },
        {
            "## A call: `encode(…)`",
            "sentences prompt_name prompt batch_size show_progress_bar precision convert_to_numpy convert_to_tensor padding device "
                + "normalize_embeddings is_query pool_factor protected_tokens pool target_devices chunk_size"
        },
        {
            "## The model: `MultiVectorEncoder(…)`",
            "model_name_or_path modules device prompts default_prompt_name cache_folder trust_remote_code revision local_files_only "
                + "token model_kwargs processor_kwargs config_kwargs model_card_data backend similarity_fn_name"
        },
        {
            "## A call: `encode_query(…)`",
            "inputs prompt_name prompt batch_size show_progress_bar output_value convert_to_numpy device normalize_embeddings pool "
                + "chunk_size token_pooling task processing_kwargs"
        },
    };

    [Theory]
    [MemberData(nameof(Theirs))]
    public void Each_argument_of_theirs_has_a_row_that_names_ours_or_says_why_there_is_none(string heading, string names)
    {
        string[][] rows = [.. Lines.SkipWhile(line => !line.StartsWith(heading, StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))];
        Assert.Equal(
            names.Split(' ').Order(StringComparer.Ordinal),
            rows.SelectMany(row => row[1].Split(',')).Select(name => name.Trim(' ', '`')).Order(StringComparer.Ordinal));
        Assert.All(
            rows, row => Assert.True(row[2] == "none" ? row[3].Length > 0 : row[2].StartsWith("`-", StringComparison.Ordinal), row[1]));
    }

    [Fact]
    public async Task What_is_named_on_our_side_is_a_parameter_or_an_option()
    {
        string text = string.Join('\n', Lines);
        HashSet<string> parameters =
        [
            .. CmdletSyntax.All(typeof(ColbertCmdlet).Assembly).SelectMany(cmdlet => cmdlet.Parameters).Select(parameter => parameter.Name),
        ];
        string help = (await ColbertProcess.Run(null, "encode", "--help")).Output;
        string[] ours = [.. Parameter().Matches(text).Select(match => match.Groups[1].Value).Distinct()],
            options = [.. Option().Matches(text).Select(match => match.Groups[1].Value).Distinct()];
        Assert.True(ours.Length > 15 && options.Length > 15);
        Assert.All(ours, name => Assert.Contains(name, parameters));
        Assert.All(options, name => Assert.Contains($"{name} ", help, StringComparison.Ordinal));
    }

    [GeneratedRegex("`-([A-Z][A-Za-z]+)")]
    private static partial Regex Parameter();

    [GeneratedRegex("`(--[a-z-]+)`")]
    private static partial Regex Option();
}
