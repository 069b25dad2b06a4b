using System.Reflection;
using ColbertOnnx.Native;

namespace ColbertOnnx.Tests.Packages;

/// <summary>
/// A project in an empty folder that uses the packages. Others' packages are those that this build has restored, so no network is needed.
/// </summary>
internal sealed class ConsoleProject
{
    private readonly LibraryPackages packages;
    private readonly string folder;

    public ConsoleProject(
        LibraryPackages packages, string name, string program, params IEnumerable<(string Name, string Version)> references)
    {
        this.packages = packages;
        folder = packages.NewFolder(name);
        string restored = typeof(ConsoleProject).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(pair => pair.Key == "NuGetPackageRoot").Value!;
        IEnumerable<string> lines =
            references.Select(package => $"<PackageReference Include=\"{package.Name}\" Version=\"{package.Version}\" />");
        With("Directory.Build.props", "<Project />");
        With("Directory.Packages.props", "<Project />");
        With("nuget.config", $"""
            <configuration>
              <packageSources><clear /><add key="feed" value="{packages.Feed}" /></packageSources>
              <fallbackPackageFolders><clear /><add key="restored" value="{restored}" /></fallbackPackageFolders>
            </configuration>
            """);
        With("Program.cs", program);
        With("App.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
              </PropertyGroup>
              <ItemGroup>{string.Concat(lines)}</ItemGroup>
            </Project>
            """);
    }

    /// <summary>Where the program and what it needs lie after a build.</summary>
    public string Output => Path.Combine(folder, "bin", "Release", "net10.0");

    /// <summary>The same after a publish for this machine alone, in one file.</summary>
    public string Published => Path.Combine(folder, "published");

    public ConsoleProject With(string name, string content)
    {
        File.WriteAllText(Path.Combine(folder, name), content);
        return this;
    }

    public Task Build(params IEnumerable<string> properties) =>
        packages.Run("dotnet", folder, ["build", "-c", "Release", "-v", "quiet", .. properties]);

    // The analyzer would be one more package, of the SDK's release.
    public Task PublishOneFile() => packages.Run("dotnet", folder, "publish", "-c", "Release", "-v", "quiet", "-o", Published,
        "-r", OrtLibraryLocator.Platform, "--self-contained", "false", "-p:PublishSingleFile=true", "-p:EnableSingleFileAnalyzer=false");

    /// <summary>What the program prints; it ends with 0.</summary>
    public Task<string> Run(string place, params IEnumerable<string> arguments) =>
        packages.Run(Path.Combine(place, OperatingSystem.IsWindows() ? "App.exe" : "App"), folder, arguments);
}
