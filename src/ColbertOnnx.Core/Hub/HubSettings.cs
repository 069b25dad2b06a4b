using ColbertOnnx.IO;

namespace ColbertOnnx.Hub;

/// <summary>
/// Where the hub and its cache are, the token, and how long a download is tried. The variables are those of huggingface_hub.
/// </summary>
internal sealed record HubSettings
{
    public const string DefaultEndpoint = "https://huggingface.co";

    /// <summary>The hub: scheme, host, port, and a path where it lies below one; without a slash at its end.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The folder that holds models--owner--name.</summary>
    public required string CacheFolder { get; init; }

    public string? Token { get; init; }

    /// <summary>What the user must know before the hub is asked: a token file that was named and is not there.</summary>
    public string? Notice { get; init; }

    /// <summary>The cache alone; no request is made.</summary>
    public bool IsOffline { get; init; }

    /// <summary>False: snapshots hold files, not links to blobs.</summary>
    public bool UsesLinks { get; init; } = true;

    public static string UserAgent { get; } = $"ColbertOnnx/{typeof(HubSettings).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>False: no proxy, whatever the system says.</summary>
    public bool UsesProxy { get; init; } = true;

    /// <summary>Attempts in a row that bring nothing; one that brings bytes starts the count anew.</summary>
    public int MostTries { get; init; } = 6;

    /// <summary>All waits between the attempts for one answer or file, together.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a server may say nothing.</summary>
    public TimeSpan LongestSilence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Files that are fetched at once.</summary>
    public int Parallel { get; init; } = 2;

    /// <summary>Bytes that fit into a folder's file system; null where that is unknown.</summary>
    public Func<string, long?> FreeSpace { get; init; } = UserCache.FreeSpace;

    /// <summary>The clock of waits and progress.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: HF_ENDPOINT or the token cannot be what they should
    /// be.</exception>
    public static HubSettings FromEnvironment() =>
        Read(Environment.GetEnvironmentVariable, () => UserHome.Folder);

    internal static HubSettings Read(Func<string, string?> variable, Func<string?> home)
    {
        string? userFolder = home();
        string? hub = Folder("HF_HOME") ?? Below(Caches() ?? Below(userFolder, ".cache"), "huggingface");
        bool isWithheld = IsOn("HF_HUB_DISABLE_IMPLICIT_TOKEN");
        string? tokenFile = Folder("HF_TOKEN_PATH");
        string? token = isWithheld
            ? null
            : HubToken.Clean(Text("HF_TOKEN") ?? Text("HUGGING_FACE_HUB_TOKEN"), "HF_TOKEN")
                ?? HubToken.ReadFile(tokenFile ?? Below(hub, "token"));
        return new HubSettings
        {
            Endpoint = CheckedEndpoint(Text("HF_ENDPOINT") ?? DefaultEndpoint),
            CacheFolder = Folder("HF_HUB_CACHE") ?? Folder("HUGGINGFACE_HUB_CACHE") ?? Below(hub, "hub") ?? throw NoHome(),
            Token = token,
            Notice = token is null && !isWithheld && tokenFile is not null
                ? $"HF_TOKEN_PATH is '{tokenFile}', and there is no token: the hub is asked without one."
                : null,
            IsOffline = IsOn("HF_HUB_OFFLINE") || (Text("HF_HUB_OFFLINE") is null && IsOn("TRANSFORMERS_OFFLINE")),
            UsesLinks = !IsOn("HF_HUB_DISABLE_SYMLINKS"),
        };

        string? Text(string name) => string.IsNullOrWhiteSpace(variable(name)) ? null : variable(name)!.Trim();

        bool IsOn(string name) => Text(name)?.ToUpperInvariant() is "1" or "TRUE" or "YES" or "ON";

        string? Expanded(string name)
        {
            if (Text(name) is not { } path) return null;
            if (userFolder is null && path is ("~" or ['~', '/' or '\\', ..])) throw NoHome();
            return HubVariables.Expand(path, variable, userFolder);
        }

        string? Folder(string name) => Expanded(name) is { Length: > 0 } path ? Path.GetFullPath(path) : null;

        // The XDG rules say so of theirs: what is not a full path is passed over.
        string? Caches() => Expanded("XDG_CACHE_HOME") is { } caches && Path.IsPathFullyQualified(caches) ? caches : null;
    }

    private static string? Below(string? folder, string name) => folder is null ? null : Path.Combine(folder, name);

    private static ColbertException NoHome() => new(
        ColbertErrorId.OutputFailed, "There is no home folder for models of the hub.", null,
        $"{UserHome.Advice} Or name a folder of yours in HF_HOME.");

    private static string CheckedEndpoint(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0
            && address.Query.Length == 0
            ? text.TrimEnd('/')
            : throw new ColbertException(
                ColbertErrorId.InputInvalid, $"HF_ENDPOINT is '{text}', which is not the address of a hub.", text,
                $"Set it to an address such as {DefaultEndpoint}, or remove it.");
}
