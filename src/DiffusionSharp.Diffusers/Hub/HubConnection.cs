using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace DiffusionSharp.Diffusers.Hub;

/// <summary>Asks the hub. Requests that fail for a reason that passes are made anew; the token goes to the hub only.</summary>
internal sealed class HubConnection : IDisposable
{
    private const int MostRedirects = 10;

    private readonly ModelHubOptions _options;
    private readonly HttpClient _client;

    public HubConnection(ModelHubOptions options)
    {
        if (!options.Endpoint.IsAbsoluteUri || (options.Endpoint.Scheme != Uri.UriSchemeHttps && !(options.Endpoint.Scheme == Uri.UriSchemeHttp && options.Endpoint.IsLoopback)))
        {
            throw new ArgumentException($"{nameof(ModelHubOptions)}.{nameof(ModelHubOptions.Endpoint)} is '{options.Endpoint}'; expected an address that begins with https.", nameof(options));
        }

        _options = options;
        var retries = new HttpRetryStrategyOptions
        {
            MaxRetryAttempts = Math.Max(options.Retries, 1),
            Delay = options.Pause,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
        };
        ResiliencePipeline<HttpResponseMessage> pipeline = new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(retries)
            .AddTimeout(options.Silence)
            .Build();
#pragma warning disable EXTEXP0001 // The handler is the way without a container.
        _client = new HttpClient(new ResilienceHandler(pipeline) { InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None } })
#pragma warning restore EXTEXP0001
        {
            // The pipeline has timeouts of its own, and a body may take hours.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue(nameof(DiffusionSharp), null));
    }

    public ModelHubOptions Options => _options;

    public void Dispose() => _client.Dispose();

    /// <summary>The address of a file.</summary>
    public static string AddressOf(HubListing listing, HubFile file) =>
        $"{listing.Name.Owner}/{listing.Name.Name}/resolve/{listing.Commit}/{string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString))}";

    /// <summary>Asks for an address of the hub and follows where it leads.</summary>
    /// <param name="address">The address, from the hub's on.</param>
    /// <param name="what">What to name in errors.</param>
    /// <param name="from">The first byte that is wanted.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ModelDownloadException">The answer is none of a file.</exception>
    public async Task<HttpResponseMessage> GetAsync(string address, string what, long from, CancellationToken cancellationToken)
    {
        Uri next = new(new Uri(_options.Endpoint.AbsoluteUri.TrimEnd('/') + "/"), address);
        for (int redirect = 0; redirect <= MostRedirects; redirect++)
        {
            HttpResponseMessage response = await SendAsync(next, what, from, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                return response;
            }

            using (response)
            {
                bool isRedirect = response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
                if (!isRedirect || response.Headers.Location is not { } location)
                {
                    throw Refused(response.StatusCode, what, next);
                }

                Uri target = new(next, location);
                if (target.Scheme != Uri.UriSchemeHttps && target.Scheme != _options.Endpoint.Scheme)
                {
                    throw new ModelDownloadException($"{what}: {next.Host} leads to '{target.Scheme}://{target.Host}', which is not encrypted.");
                }

                next = target;
            }
        }

        throw new ModelDownloadException($"{what}: the hub leads on from address to address without end.");
    }

    /// <summary>A text from an address of the hub.</summary>
    public async Task<string> ReadTextAsync(string address, string what, int longest, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await GetAsync(address, what, 0, cancellationToken).ConfigureAwait(false);
        try
        {
            using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            using var text = new MemoryStream();
            var part = new byte[1 << 16];
            for (int read; (read = await ReadAsync(body, part, cancellationToken).ConfigureAwait(false)) > 0;)
            {
                text.Write(part, 0, read);
                if (text.Length > longest)
                {
                    throw new ModelDownloadException($"{what}: the hub's answer has more than {longest} bytes.");
                }
            }

            return System.Text.Encoding.UTF8.GetString(text.GetBuffer().AsSpan(0, (int)text.Length));
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException or (IOException and not ModelDownloadException))
        {
            throw new ModelDownloadException($"{what}: the hub's answer broke off: {e.Message}", e);
        }
    }

    /// <summary>Reads of a body, and waits no longer than the hub may be silent.</summary>
    /// <exception cref="TimeoutException">It was.</exception>
    public async ValueTask<int> ReadAsync(Stream body, Memory<byte> part, CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(_options.Silence);
        try
        {
            return await body.ReadAsync(part, silence.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"nothing came for {_options.Silence.TotalSeconds:0.#} s", e);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Uri address, string what, long from, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (from > 0)
        {
            request.Headers.Range = new RangeHeaderValue(from, null);
        }

        if (_options.Token is { Length: > 0 } token && IsHub(address))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        try
        {
            return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or Polly.Timeout.TimeoutRejectedException or IOException)
        {
            throw new ModelDownloadException($"{what}: {address.Host} cannot be reached: {e.Message}", e);
        }
    }

    private bool IsHub(Uri address) => address.Scheme == _options.Endpoint.Scheme && address.Host == _options.Endpoint.Host && address.Port == _options.Endpoint.Port;

    private ModelDownloadException Refused(HttpStatusCode status, string what, Uri address) => new(status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => $"{what}: {address.Host} does not give it to everyone ({(int)status}): accept its conditions there, and set {(_options.Token is null ? "" : "another ")}HF_TOKEN or {nameof(ModelHubOptions)}.{nameof(ModelHubOptions.Token)}.",
        HttpStatusCode.NotFound => $"{what}: {address.Host} does not have it ({(int)status}).",
        _ => $"{what}: {address.Host} answers {(int)status} ({status}).",
    });
}
