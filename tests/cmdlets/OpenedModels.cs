namespace ColbertOnnx.Tests.Cmdlets;

/// <summary>What cmdlets opened stays open in the process: who looks at the list, or leaves a folder, closes it.</summary>
internal static class OpenedModels
{
    public static void Remove(string below = "")
    {
        foreach (ColbertModel model in CmdletRun.Run("Get-ColbertModel").Output.Cast<ColbertModel>()
            .Where(model => model.Path.StartsWith(below, StringComparison.Ordinal)))
            CmdletRun.Run("Remove-ColbertModel", new() { ["Model"] = model });
    }
}
