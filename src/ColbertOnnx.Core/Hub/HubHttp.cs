using System.Net;
using System.Net.Http.Headers;

namespace ColbertOnnx.Hub;

/// <summary>
/// One request at a time is one answer: redirects followed by hand, the token for the hub's own scheme, host and port alone, silence
/// bounded. Safe for several threads.
/// </summary>
internal sealed class HubHttp : IDisposable
{
    private const int MostRedirects = 10;

    private readonly HubSettings settings;
    private readonly HubErrors errors;
    private readonly Uri endpoint;
    private readonly HttpClient client;

    public HubHttp(HubSettings settings, HubErrors errors)
    {
        this.settings = settings;
        this.errors = errors;
        endpoint = new Uri(settings.Endpoint);
        client = new HttpClient(CreateHandler(settings)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    // The proxy is the system's: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, or what Windows and macOS have set.
    internal static SocketsHttpHandler CreateHandler(HubSettings settings) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = settings.UsesProxy,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = settings.LongestSilence,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    };

    /// <summary>Sends a GET and gives the answer with its body unread: 200, 206 or 416.</summary>
    /// <param name="address">Where to begin.</param>
    /// <param name="from">First byte; 0 asks for the whole.</param>
    /// <param name="file">The file, for errors; null for the repository itself.</param>
    /// <param name="cancellation">Ends the request.</param>
    /// <exception cref="HubTransientException">A repetition may help.</exception>
    /// <exception cref="ColbertException">The hub refuses.</exception>
    public async Task<HttpResponseMessage> GetAsync(Uri address, long from, string? file, CancellationToken cancellation)
    {
        for (int redirects = 0; redirects <= MostRedirects; redirects++)
        {
            HttpResponseMessage response = await SendAsync(address, from, cancellation);
            if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable)
                return response;
            using (response)
            {
                address = Location(address, response) ?? throw Failure(address, response, file);
            }
        }

        throw new HubTransientException($"{address.Host} redirects in a circle.") { IsWorthRepeating = false };
    }

    /// <summary>Fills what it can of the buffer; 0 at the end.</summary>
    /// <exception cref="HubTransientException">The transfer broke off.</exception>
    public Task<int> ReadAsync(Stream body, Memory<byte> buffer, CancellationToken cancellation) =>
        BoundedAsync("the transfer", token => body.ReadAsync(buffer, token).AsTask(), cancellation);

    public void Dispose() => client.Dispose();

    private Task<HttpResponseMessage> SendAsync(Uri address, long from, CancellationToken cancellation)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("User-Agent", HubSettings.UserAgent);
        // Sizes, ranges and hashes are those of the content itself.
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        if (from > 0) request.Headers.Range = new RangeHeaderValue(from, null);
        if (settings.Token is not null && IsOwnHost(address))
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", settings.Token);
        return BoundedAsync(
            address.Host, token => client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token), cancellation);
    }

    private bool IsOwnHost(Uri address) =>
        address.Scheme == endpoint.Scheme && string.Equals(address.IdnHost, endpoint.IdnHost, StringComparison.OrdinalIgnoreCase)
            && address.Port == endpoint.Port;

    private async Task<T> BoundedAsync<T>(string what, Func<CancellationToken, Task<T>> action, CancellationToken cancellation)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        silence.CancelAfter(settings.LongestSilence);
        try
        {
            return await action(silence.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new HubTransientException(
                FormattableString.Invariant($"Nothing came from {what} for {settings.LongestSilence.TotalSeconds:0.#} s."), inner: e);
        }
        catch (HttpRequestException e)
        {
            throw new HubTransientException($"{Sentence(e)}", inner: e)
            {
                IsWorthRepeating = e.HttpRequestError is not (HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError),
            };
        }
        catch (IOException e)
        {
            throw new HubTransientException($"The connection broke off: {Sentence(e)}", inner: e);
        }
    }

    private static string Sentence(Exception e) => e.Message.TrimEnd('.') + ".";

    /// <summary>Where a server sends us; null where that is not an address of the web, or where it would leave https.</summary>
    public static Uri? Follow(Uri address, string? target) =>
        Uri.TryCreate(address, target, out Uri? next) && next.Scheme is "http" or "https"
            && (next.Scheme == address.Scheme || next.Scheme == "https") ? next : null;

    private static Uri? Location(Uri address, HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308
            && response.Headers.TryGetValues("Location", out IEnumerable<string>? locations) ? Follow(address, locations.First()) : null;

    private Exception Failure(Uri address, HttpResponseMessage response, string? file)
    {
        int status = (int)response.StatusCode;
        string? code = response.Headers.TryGetValues("X-Error-Code", out IEnumerable<string>? codes) ? codes.FirstOrDefault() : null;
        // What another host refuses is an address that the hub signed for a while: asking the hub again gives a new one.
        bool isStorage = file is not null && code is null && !IsOwnHost(address);
        if (isStorage || status is 408 or 429 or 500 or 502 or 503 or 504)
            return new HubTransientException(
                FormattableString.Invariant($"{address.Host} answers {status} ({response.StatusCode})."), RetryAfter(response));
        return errors.Refused(response.StatusCode, code, file);
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        TimeSpan? pause = response.Headers.RetryAfter switch
        {
            { Delta: { } seconds } => seconds,
            { Date: { } date } => date - settings.Time.GetUtcNow(),
            _ => null,
        };
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause;
    }
}
