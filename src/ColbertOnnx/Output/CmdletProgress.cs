namespace ColbertOnnx.PowerShell.Output;

/// <summary>One progress record.</summary>
/// <param name="Id">The work that it is about.</param>
/// <param name="Activity">Its name.</param>
/// <param name="Status">What is being done.</param>
/// <param name="Percent">How much is done; -1: nobody knows.</param>
/// <param name="SecondsLeft">-1: nobody knows.</param>
/// <param name="IsDone">Takes the record off the screen.</param>
internal readonly record struct CmdletProgress(int Id, string Activity, string Status, int Percent = -1, int SecondsLeft = -1, bool IsDone = false);
