using ColbertOnnx.Hub;
using ColbertOnnx.IO;

namespace ColbertOnnx.Tests.Hub;

public sealed class HubSettingsTests
{
    private static readonly string Home = Path.GetFullPath(Path.Combine(Path.GetTempPath(), "home-of-nobody"));

    [Fact]
    public void Without_variables_the_cache_lies_in_the_user_s_folder()
    {
        HubSettings settings = Read();
        Assert.Equal(Path.Combine(Home, ".cache", "huggingface", "hub"), settings.CacheFolder);
        Assert.Equal("https://huggingface.co", settings.Endpoint);
        Assert.Null(settings.Token);
        Assert.False(settings.IsOffline);
        Assert.True(settings.UsesLinks);
    }

    [Fact]
    public void The_more_exact_variable_names_the_cache()
    {
        string a = Path.Combine(Home, "a"), b = Path.Combine(Home, "b"), c = Path.Combine(Home, "c");
        Assert.Equal(Path.Combine(a, "huggingface", "hub"), Read(("XDG_CACHE_HOME", a)).CacheFolder);
        Assert.Equal(Path.Combine(b, "hub"), Read(("XDG_CACHE_HOME", a), ("HF_HOME", b)).CacheFolder);
        Assert.Equal(c, Read(("XDG_CACHE_HOME", a), ("HF_HOME", b), ("HF_HUB_CACHE", c)).CacheFolder);
        Assert.Equal(Path.Combine(Home, "x"), Read(("HF_HUB_CACHE", "~/x")).CacheFolder);
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("true", true)]
    [InlineData("Yes", true)]
    [InlineData("ON", true)]
    [InlineData("0", false)]
    [InlineData("false", false)]
    [InlineData("", false)]
    public void Offline_is_one_of_four_words(string value, bool isOffline) =>
        Assert.Equal(isOffline, Read(("HF_HUB_OFFLINE", value)).IsOffline);

    [Fact]
    public void The_token_is_the_variable_s_then_the_file_s()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("token", "hf_file\n").With("other", "hf_other");
        Assert.Equal("hf_file", Read(("HF_HOME", folder.Path)).Token);
        Assert.Equal("hf_other", Read(("HF_HOME", folder.Path), ("HF_TOKEN_PATH", folder.File("other"))).Token);
        Assert.Equal("hf_set", Read(("HF_HOME", folder.Path), ("HF_TOKEN", " hf_set\r\n")).Token);
    }

    [Fact]
    public void A_token_that_is_not_wanted_implicitly_is_withheld_wherever_it_stands()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("token", "hf_file\n");
        Assert.Null(Read(("HF_HOME", folder.Path), ("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")).Token);
        Assert.Null(Read(("HF_HOME", folder.Path), ("HF_TOKEN", "hf_set"), ("HF_HUB_DISABLE_IMPLICIT_TOKEN", "true")).Token);
        Assert.Null(Read(("HF_TOKEN_PATH", folder.File("none")), ("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")).Notice);
    }

    [Fact]
    public void A_token_file_that_is_named_and_not_there_is_a_notice()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("token", "hf_file").With("empty", "\n");
        Assert.Contains(folder.File("none"), Read(("HF_TOKEN_PATH", folder.File("none"))).Notice, StringComparison.Ordinal);
        Assert.Contains(folder.File("empty"), Read(("HF_TOKEN_PATH", folder.File("empty"))).Notice, StringComparison.Ordinal);
        Assert.Null(Read(("HF_TOKEN_PATH", folder.File("token"))).Notice);
        Assert.Null(Read(("HF_TOKEN_PATH", folder.File("none")), ("HF_TOKEN", "hf_set")).Notice);
        Assert.Null(Read().Notice);
    }

    [Theory]
    [InlineData("$PLACE/x", "place/x")]
    [InlineData("${PLACE}/x", "place/x")]
    [InlineData("~/$NAME/x", "name/x")]
    [InlineData("~/${NAME}x", "namex")]
    [InlineData("~/$NAMEx", "$NAMEx")]
    [InlineData("~/$NONE/x", "$NONE/x")]
    [InlineData("~/${NONE}/x", "${NONE}/x")]
    [InlineData("~/$/x", "$/x")]
    [InlineData("~/$TWICE/x", "$NAME/x")]
    [InlineData("~/a~b", "a~b")]
    [InlineData("~", "")]
    public void Variables_in_paths_are_expanded_once_behind_the_user_s_folder(string value, string expected)
    {
        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(Home, expected)));
        (string, string)[] others = [("PLACE", Path.Combine(Home, "place")), ("NAME", "name"), ("TWICE", "$NAME")];
        Assert.Equal(folder, Read([.. others, ("HF_HUB_CACHE", value)]).CacheFolder);
        Assert.Equal(folder, Read([.. others, ("HUGGINGFACE_HUB_CACHE", value)]).CacheFolder);
        Assert.Equal(Path.Combine(folder, "hub"), Read([.. others, ("HF_HOME", value)]).CacheFolder);
        Assert.Equal(Path.Combine(folder, "huggingface", "hub"), Read([.. others, ("XDG_CACHE_HOME", value)]).CacheFolder);
        Assert.Contains($"'{folder}'", Read([.. others, ("HF_TOKEN_PATH", value)]).Notice ?? "''", StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_s_name_stands_for_that_user_s_folder_and_nobody_s_stays()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The users of this system are in no file.");
        string[] user = File.ReadLines("/etc/passwd").Select(line => line.Split(':'))
            .First(fields => fields.Length > 5 && fields[5].StartsWith('/') && fields[5].Length > 1);
        Assert.Equal(Path.GetFullPath(Path.Combine(user[5], "x")), Read(("HF_HUB_CACHE", $"~{user[0]}/x")).CacheFolder);
        Assert.Equal(Path.GetFullPath("~no-user-of-this-name/x"), Read(("HF_HUB_CACHE", "~no-user-of-this-name/x")).CacheFolder);
    }

    [Fact]
    public void A_variable_that_expands_to_nothing_is_as_good_as_none() =>
        Assert.Equal(Path.Combine(Home, ".cache", "huggingface", "hub"), Read(("EMPTY", ""), ("HF_HOME", "$EMPTY")).CacheFolder);

    [Fact]
    public void A_token_that_no_header_can_carry_is_an_error_that_does_not_show_it()
    {
        ColbertException error = Assert.Throws<ColbertException>(() => Read(("HF_TOKEN", "hf_sécret")));
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.DoesNotContain("cret", error.ToString());
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080/", "http://127.0.0.1:8080")]
    [InlineData("https://hub.example/models/", "https://hub.example/models")]
    public void The_endpoint_is_an_address(string value, string endpoint) => Assert.Equal(endpoint, Read(("HF_ENDPOINT", value)).Endpoint);

    [Theory]
    [InlineData("hub.example")]
    [InlineData("ftp://hub.example")]
    [InlineData("https://name:password@hub.example")]
    public void An_endpoint_that_is_no_address_is_an_error(string value) =>
        Assert.Equal(ColbertErrorId.InputInvalid, Assert.Throws<ColbertException>(() => Read(("HF_ENDPOINT", value))).Id);

    [Fact]
    public void The_system_s_proxy_is_used_and_redirects_and_cookies_are_not_left_to_the_handler()
    {
        using SocketsHttpHandler handler = HubHttp.CreateHandler(Read());
        Assert.True(handler.UseProxy);
        Assert.Null(handler.Proxy);
        Assert.False(handler.AllowAutoRedirect);
        Assert.False(handler.UseCookies);
    }

    [Fact]
    public void The_room_on_a_disk_is_known_and_that_of_no_folder_is_not()
    {
        Assert.True(UserCache.FreeSpace(Path.GetTempPath()) > 0);
        Assert.Null(UserCache.FreeSpace(""));
    }

    [Fact]
    public void A_folder_for_caches_that_is_no_full_path_is_passed_over() =>
        Assert.Equal(Path.Combine(Home, ".cache", "huggingface", "hub"), Read(("XDG_CACHE_HOME", "caches")).CacheFolder);

    [Fact]
    public void Without_a_home_a_folder_must_be_named()
    {
        using TemporaryFolder folder = new();
        Assert.Equal(
            Path.Combine(folder.Path, "hub"), HubSettings.Read(name => name == "HF_HOME" ? folder.Path : null, () => null).CacheFolder);
        Assert.Equal(folder.Path, HubSettings.Read(name => name == "HF_HUB_CACHE" ? folder.Path : null, () => null).CacheFolder);
        foreach (string? named in (string?[])[null, "~", "~/hub"])
        {
            var error = Assert.Throws<ColbertException>(() => HubSettings.Read(name => name == "HF_HOME" ? named : null, () => null));
            Assert.Equal(ColbertErrorId.OutputFailed, error.Id);
            Assert.Contains("HOME", error.Action, StringComparison.Ordinal);
        }
    }

    private static HubSettings Read(params (string Name, string Value)[] variables) =>
        HubSettings.Read(name => variables.FirstOrDefault(variable => variable.Name == name).Value, () => Home);
}
