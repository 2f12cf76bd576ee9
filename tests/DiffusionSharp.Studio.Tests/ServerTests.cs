using System.Net;
using System.Net.Http.Json;
using DiffusionSharp.Studio.Tests.Support;

namespace DiffusionSharp.Studio.Tests;

/// <summary>What the studio's server answers, without a browser.</summary>
[Collection(OneStudio.Name)]
public sealed class ServerTests(StudioFixture studio) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = studio.Address };

    [Fact]
    public async Task The_page_is_from_here_alone_and_nothing_inline_runs()
    {
        HttpResponseMessage response = await _client.GetAsync("/");
        string page = await response.Content.ReadAsStringAsync();
        string policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page.Replace("http-equiv", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotMatch("<style|style=|<script(?![^>]*src=)| on[a-z]+=", page);
    }

    [Theory]
    [InlineData("/studio/parameters")]
    [InlineData("/studio/forward?model=emoji")]
    [InlineData("/studio/denoise")]
    [InlineData("/v1/images/generations")]
    public async Task Pages_of_others_are_refused(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(new { }) };
        request.Headers.Add("Origin", "https://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await _client.SendAsync(request)).StatusCode);
        request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(new { }) };
        request.Headers.Host = "evil.example";
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Wishes_that_make_no_sense_are_refused()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.PostAsync("/studio/parameters", new ByteArrayContent("none"u8.ToArray()))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.PostAsync("/studio/forward?model=emoji&frames=1", new ByteArrayContent([]))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.PostAsync("/studio/forward?model=emoji", new ByteArrayContent("none"u8.ToArray()))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.PostAsJsonAsync("/studio/denoise", new { model = "emoji", prompt = "a cat", seed = 1, steps = 101 })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.PostAsJsonAsync("/studio/denoise", new { model = "emoji", prompt = "a cat", seed = 1, steps = 1, scheduler = "Eulr" })).StatusCode);
    }

    [Fact]
    public void A_folder_without_a_model_is_refused_before_the_server_starts() =>
        Assert.Contains("model_index.json", Assert.Throws<ArgumentException>(() => StudioServer.Build(port: 0, "nowhere")).Message, StringComparison.Ordinal);

    public void Dispose() => _client.Dispose();
}
