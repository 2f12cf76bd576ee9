using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace DiffusionSharp.AspNetCore;

/// <summary>Says who may call: by which name of the server, from pages of which origin, with which key.</summary>
internal sealed class CallerGuard(ImageEndpointOptions options)
{
    private const string Bearer = "Bearer ";

    /// <summary>Why a request is refused; null where it is not.</summary>
    public ApiException? Refusal(HttpRequest request)
    {
        if (!IsKnownHost(request.Host.Host))
        {
            return new ApiException(StatusCodes.Status400BadRequest, $"The server is not known as '{request.Host.Host}': {nameof(ImageEndpointOptions)}.{nameof(ImageEndpointOptions.Hosts)} says by which names it may be called.") { Code = "unknown_host" };
        }

        if (!IsKnownOrigin(request))
        {
            return new ApiException(StatusCodes.Status403Forbidden, $"Pages of other origins may not call: {nameof(ImageEndpointOptions)}.{nameof(ImageEndpointOptions.Origins)} names those that may.") { Code = "unknown_origin" };
        }

        return HasKey(request)
            ? null
            : new ApiException(StatusCodes.Status401Unauthorized, "The API key is missing or wrong: send it as 'Authorization: Bearer KEY'.") { Code = "invalid_api_key" };
    }

    // A foreign page can give this machine's address a name of its own (DNS rebinding), but not one of these.
    private bool IsKnownHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address))
        || options.Hosts.Any(known => known == "*" || known.Equals(host, StringComparison.OrdinalIgnoreCase));

    // Browsers send both headers and pages cannot change them; other clients send neither. Another port of the same machine is another origin, too.
    private bool IsKnownOrigin(HttpRequest request)
    {
        string origin = request.Headers.Origin.ToString();
        if (origin.Length > 0)
        {
            return options.Origins.Contains(origin, StringComparer.OrdinalIgnoreCase)
                || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
        }

        return request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";
    }

    private bool HasKey(HttpRequest request)
    {
        if (options.ApiKeys.Count == 0)
        {
            return true;
        }

        string sent = request.Headers[HeaderNames.Authorization].ToString();
        if (!sent.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        // Hashes are of one length, so that the time of the comparison tells nothing; and all keys are compared.
        byte[] hash = Hash(sent[Bearer.Length..].Trim());
        bool found = false;
        foreach (string key in options.ApiKeys)
        {
            found |= CryptographicOperations.FixedTimeEquals(Hash(key), hash);
        }

        return found;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
