using ColbertOnnx.IO;

namespace ColbertOnnx.Hub;

/// <summary>The user's token. It stands in no message.</summary>
internal static class HubToken
{
    /// <summary>Without the line ends and blanks that come with copying; null when nothing is left.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: it holds what no header can carry.</exception>
    public static string? Clean(string? text, string source)
    {
        string token = (text ?? "").ReplaceLineEndings("").Trim();
        if (token.Length == 0) return null;
        return token.All(c => c is > ' ' and <= '~')
            ? token
            : throw new ColbertException(
                ColbertErrorId.InputInvalid, $"The token in {source} holds characters that no token has.", source,
                $"Write the token into {source} again, or remove it.");
    }

    /// <summary>The token that huggingface_hub's login left; null without such a file.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: the file cannot be read, or holds no
    /// token.</exception>
    public static string? ReadFile(string? path)
    {
        if (path is null || !File.Exists(path)) return null;
        try
        {
            byte[] bytes = RegularFile.Read(path, Limits.HubNote)
                ?? throw new IOException(FormattableString.Invariant($"it is larger than {Limits.HubNote} bytes (the limit HubNote)."));
            return Clean(HubDisk.TextOf(bytes), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ColbertException(
                ColbertErrorId.InputInvalid, $"The token file '{path}' cannot be read: {e.Message}", path,
                "Check its rights, or set HF_HUB_DISABLE_IMPLICIT_TOKEN=1 to go without it.", e);
        }
    }
}
