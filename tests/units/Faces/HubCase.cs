using System.Text.Json;
using ColbertOnnx.Tests.Hub;

namespace ColbertOnnx.Tests.Faces;

/// <summary>A case of the table's hub, laid out for a user.</summary>
internal static class HubCase
{
    public static Dictionary<string, string> Variables(JsonElement c, HubUser user)
    {
        Dictionary<string, string> variables = user.Variables;
        if (c.TryGetProperty("variables", out JsonElement own))
            foreach (JsonProperty variable in own.EnumerateObject()) variables[variable.Name] = variable.Value.GetString()!;
        return variables;
    }

    public static void Prepare(JsonElement c, HubUser user)
    {
        if (c.TryGetProperty("remove", out JsonElement removed))
            foreach (JsonElement file in removed.EnumerateArray()) Assert.True(user.Hub.Files.Remove(file.GetString()!));
        if (c.TryGetProperty("add", out JsonElement added))
            foreach (JsonElement file in added.EnumerateArray()) user.Hub.Files[file.GetString()!] = [1];
        if (!c.TryGetProperty("answer", out JsonElement answer)) return;
        byte[] body = answer.TryGetProperty("body", out JsonElement text) ? System.Text.Encoding.UTF8.GetBytes(text.GetString()!) : [];
        (string, string)[] headers = answer.TryGetProperty("code", out JsonElement code) ? [("X-Error-Code", code.GetString()!)] : [];
        user.Hub.Interfere = call => call.Path.Contains(answer.GetProperty("to").GetString()!, StringComparison.Ordinal)
            ? new Answer(answer.GetProperty("status").GetInt32(), body, headers)
            : null;
    }
}
