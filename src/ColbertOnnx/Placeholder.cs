namespace ColbertOnnx.PowerShell;

internal static class Placeholder
{
}
