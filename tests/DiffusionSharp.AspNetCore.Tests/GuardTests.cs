using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using DiffusionSharp.AspNetCore.Tests.Support;

namespace DiffusionSharp.AspNetCore.Tests;

/// <summary>Who is refused before work starts.</summary>
public class GuardTests
{
    private static readonly object Apple = new { prompt = "a red apple", steps = 1 };

    [Theory]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("LOCALHOST:1234", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("[::1]:80", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.BadRequest)]
    [InlineData("localhost.evil.example", HttpStatusCode.BadRequest)]
    [InlineData("192.168.0.5", HttpStatusCode.BadRequest)]
    public async Task The_server_answers_to_its_own_names(string host, HttpStatusCode expected)
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpRequestMessage request = TestServer.Request(Apple);
        request.Headers.Host = host;
        Assert.Equal(expected, (await server.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Further_names_can_be_added()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.Hosts.Add("draw.example.com"));
        HttpRequestMessage request = TestServer.Request(Apple);
        request.Headers.Host = "draw.example.com";
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://localhost:1", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "https://app.example.com", HttpStatusCode.OK)]
    [InlineData("Origin", "itself", HttpStatusCode.OK)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.OK)]
    [InlineData("Sec-Fetch-Site", "none", HttpStatusCode.OK)]
    public async Task Pages_of_other_origins_are_refused(string header, string value, HttpStatusCode expected)
    {
        await using TestServer server = await TestServer.StartAsync(options => options.Origins.Add("https://app.example.com"));
        HttpRequestMessage request = TestServer.Request(Apple);
        request.Headers.Add(header, value == "itself" ? server.Client.BaseAddress!.GetLeftPart(UriPartial.Authority) : value);
        HttpResponseMessage response = await server.SendAsync(request);
        Assert.Equal(expected, response.StatusCode);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));

        var stop = new HttpRequestMessage(HttpMethod.Delete, "/v1/images/generations/gen_none");
        stop.Headers.Add(header, request.Headers.GetValues(header));
        Assert.Equal(expected == HttpStatusCode.OK ? HttpStatusCode.NotFound : expected, (await server.SendAsync(stop)).StatusCode);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("Bearer wrong", HttpStatusCode.Unauthorized)]
    [InlineData("Basic sk-second", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer sk-second", HttpStatusCode.OK)]
    public async Task A_key_is_asked_for_where_there_is_one(string? authorization, HttpStatusCode expected)
    {
        await using TestServer server = await TestServer.StartAsync(options =>
        {
            options.ApiKeys.Add("sk-first");
            options.ApiKeys.Add("sk-second");
        });
        HttpRequestMessage request = TestServer.Request(Apple);
        request.Headers.Authorization = authorization is null ? null : AuthenticationHeaderValue.Parse(authorization);
        HttpResponseMessage response = await server.SendAsync(request);
        Assert.Equal(expected, response.StatusCode);
        if (expected == HttpStatusCode.Unauthorized)
        {
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
            Assert.Equal("invalid_api_key", (await TestServer.JsonAsync(response)).GetProperty("error").GetProperty("code").GetString());
        }
    }

    [Fact]
    public async Task Only_JSON_and_forms_with_files_are_read()
    {
        await using TestServer server = await TestServer.StartAsync();
        (string Path, string Type)[] wrong = [("generations", "text/plain"), ("generations", "application/x-www-form-urlencoded"), ("edits", "application/json"), ("variations", "application/x-www-form-urlencoded")];
        foreach ((string path, string type) in wrong)
        {
            HttpResponseMessage response = await server.Client.PostAsync($"/v1/images/{path}", new StringContent("""{"prompt":"a cat"}""", Encoding.UTF8, type));
            Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
            Assert.Equal("unsupported_media_type", (await TestServer.JsonAsync(response)).GetProperty("error").GetProperty("code").GetString());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bodies_that_are_too_large_are_refused(bool saysLength)
    {
        await using TestServer server = await TestServer.StartAsync(options => options.MaxRequestBytes = 2000);
        HttpRequestMessage request = TestServer.Request($$"""{"prompt":"{{new string('a', 100_000)}}"}""");
        request.Headers.TransferEncodingChunked = !saysLength;
        HttpResponseMessage response = await server.SendAsync(request);
        JsonElement error = (await TestServer.JsonAsync(response)).GetProperty("error");
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "request_too_large"), (response.StatusCode, error.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_full_queue_says_when_to_come_again()
    {
        await using TestServer server = await TestServer.StartAsync(concurrency: 1, queue: 1);
        server.Toy.Close();
        Task<HttpResponseMessage>[] taken = [server.GenerateAsync(Apple), server.GenerateAsync(Apple)];
        await TestServer.UntilAsync(() => server.Load is { Running: 1, Waiting: 1 });

        HttpResponseMessage refused = await server.GenerateAsync(new { prompt = "a cat", stream = true });
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.True(refused.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        Assert.Equal("rate_limit_exceeded", (await TestServer.JsonAsync(refused)).GetProperty("error").GetProperty("code").GetString());

        server.Toy.Open();
        Assert.All(await Task.WhenAll(taken), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Equal(HttpStatusCode.OK, (await server.GenerateAsync(Apple)).StatusCode);
    }
}
