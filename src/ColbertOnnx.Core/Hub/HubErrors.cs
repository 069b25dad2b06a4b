using System.Net;

namespace ColbertOnnx.Hub;

/// <summary>
/// What the hub refuses, and that it cannot be reached, as errors with what to do. No message holds a token or a signed address.
/// </summary>
internal sealed class HubErrors(HubSettings settings, HubName name, string revision)
{
    private const string SetToken = "set HF_TOKEN to a token that may read it";

    private string Page => $"{settings.Endpoint}/{name}";

    /// <param name="status">The answer's status.</param>
    /// <param name="code">Its X-Error-Code, where the hub says more than the status.</param>
    /// <param name="file">The file that was asked for; null for the repository itself.</param>
    public ColbertException Refused(HttpStatusCode status, string? code, string? file) => (status, code) switch
    {
        (_, "RevisionNotFound") => NotFound(
            $"'{name}' has no revision '{revision}'.", $"Look the branches and tags up on {Page}/tree/main."),
        (_, "GatedRepo") or (HttpStatusCode.Forbidden, _) => NotFound(
            $"The hub refuses access to '{name}': it is gated, or the token may not read it.",
            $"Accept the licence on {Page}, and {SetToken}."),
        (_, "RepoNotFound") => NoSuchModel(),
        (HttpStatusCode.NotFound, _) when file is not null => Incomplete(
            file, $"The hub lists {file} of '{name}' and does not have it.", "Try again later, or take another revision."),
        (HttpStatusCode.NotFound, _) => NoSuchModel(),
        (HttpStatusCode.Unauthorized, _) when settings.Token is not null => NotFound(
            $"The hub does not accept the token for '{name}', or there is no such model.",
            $"Check the name and HF_TOKEN: it may be wrong or expired. Otherwise {SetToken}."),
        (HttpStatusCode.Unauthorized, _) => NoSuchModel(),
        _ => NotFound($"The hub answers {(int)status} ({status}) for '{name}'.", "Check the name, the revision and HF_ENDPOINT."),
    };

    public ColbertException Unreachable(HubTransientException e) => new(
        ColbertErrorId.ModelNotFound,
        $"'{name}' could not be looked up on {settings.Endpoint}: {e.Message}",
        name.ToString(),
        "Check the network, the proxy variables and HF_ENDPOINT, and try again; or give a folder.",
        e);

    public ColbertException NotInCache() => NotFound(
        $"'{name}' ({revision}) is not in the cache '{settings.CacheFolder}', and the hub is not asked: HF_HUB_OFFLINE is set.",
        "Unset HF_HUB_OFFLINE to fetch it, or correct HF_HOME.");

    public ColbertException CacheIncomplete(string what) => Incomplete(
        name.ToString(), $"'{name}' ({revision}) is in the cache only in part ({what}), and the hub is not asked: HF_HUB_OFFLINE is set.",
        "Unset HF_HUB_OFFLINE once to fetch the rest.");

    public ColbertException BrokenOff(HubFile file, long bytes, HubTransientException e) => Incomplete(
        file.Path,
        FormattableString.Invariant($"{file.Path} of '{name}' could not be fetched: {e.Message} {bytes} of {file.Size} bytes are here."),
        "Check the network and try again: it goes on from there.",
        e);

    public ColbertException Wrong(HubFile file, string what) => Incomplete(
        file.Path, $"{file.Path} of '{name}' came twice and was wrong both times: {what}.",
        "Check that no proxy changes downloads, and try again.");

    public static ColbertException NotAHub(string address, Exception e) => new(
        ColbertErrorId.ModelNotFound, $"{address} does not answer as a hub does: {e.Message}", address,
        "Check HF_ENDPOINT and the proxy variables.", e);

    private ColbertException NoSuchModel() => NotFound(
        $"There is no model '{name}' with the revision '{revision}' on {settings.Endpoint}, or it is private.",
        $"Check the name and the revision; where it is private, {SetToken}.");

    private ColbertException NotFound(string message, string action) => new(ColbertErrorId.ModelNotFound, message, name.ToString(), action);

    private static ColbertException Incomplete(string target, string message, string action, Exception? inner = null) =>
        new(ColbertErrorId.ModelIncomplete, message, target, action, inner);
}
