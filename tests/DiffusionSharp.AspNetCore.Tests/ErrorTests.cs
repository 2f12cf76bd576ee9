using System.Net;
using System.Text.Json;
using DiffusionSharp.AspNetCore.Tests.Support;

namespace DiffusionSharp.AspNetCore.Tests;

/// <summary>Errors as OpenAI's API tells them.</summary>
public class ErrorTests
{
    [Theory]
    [InlineData("""{}""", "prompt", "missing_required_parameter")]
    [InlineData("""{"prompt":null}""", "prompt", "missing_required_parameter")]
    [InlineData("""{"prompt":" "}""", "prompt", "invalid_value")]
    [InlineData("""{"prompt":5}""", "prompt", "invalid_type")]
    [InlineData("""{"prompt":["a"]}""", "prompt", "invalid_type")]
    [InlineData("""{"prompt":"a cat","guidance":4}""", "guidance", "unknown_parameter")]
    [InlineData("""{"prompt":"a cat","strength":0.5}""", "strength", "unknown_parameter")]
    [InlineData("""{"prompt":"a cat","n":0}""", "n", "integer_below_min_value")]
    [InlineData("""{"prompt":"a cat","n":11}""", "n", "integer_above_max_value")]
    [InlineData("""{"prompt":"a cat","n":"2"}""", "n", "invalid_type")]
    [InlineData("""{"prompt":"a cat","n":1.5}""", "n", "invalid_type")]
    [InlineData("""{"prompt":"a cat","steps":251}""", "steps", "integer_above_max_value")]
    [InlineData("""{"prompt":"a cat","seed":-1}""", "seed", "integer_below_min_value")]
    [InlineData("""{"prompt":"a cat","seed":9223372036854775807,"n":2}""", "seed", "invalid_value")]
    [InlineData("""{"prompt":"a cat","guidance_scale":-1}""", "guidance_scale", "invalid_value")]
    [InlineData("""{"prompt":"a cat","guidance_scale":"4"}""", "guidance_scale", "invalid_type")]
    [InlineData("""{"prompt":"a cat","size":"large"}""", "size", "invalid_value")]
    [InlineData("""{"prompt":"a cat","size":"-8x16"}""", "size", "invalid_value")]
    [InlineData("""{"prompt":"a cat","size":"12x16"}""", "size", "invalid_value")]
    [InlineData("""{"prompt":"a cat","size":"100000x100000"}""", "size", "invalid_value")]
    [InlineData("""{"prompt":"a cat","scheduler":"Eulr"}""", "scheduler", "invalid_value")]
    [InlineData("""{"prompt":"a cat","stream":"yes"}""", "stream", "invalid_type")]
    [InlineData("""{"prompt":"a cat","output_format":"gif"}""", "output_format", "invalid_value")]
    [InlineData("""{"prompt":"a cat","output_compression":50}""", "output_compression", "invalid_value")]
    [InlineData("""{"prompt":"a cat","response_format":"url"}""", "response_format", "unsupported_value")]
    [InlineData("""{"prompt":"a cat","background":"transparent"}""", "background", "unsupported_value")]
    [InlineData("""[]""", null, "invalid_json")]
    [InlineData("""{"prompt":""", null, "invalid_json")]
    [InlineData("""{"prompt":"a cat","prompt":"a dog"}""", null, "invalid_json")]
    public async Task A_wrong_field_is_named(string json, string? param, string code)
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpResponseMessage response = await server.GenerateAsync(json);
        JsonElement error = (await TestServer.JsonAsync(response)).GetProperty("error");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal((param, code, "invalid_request_error"), (error.GetProperty("param").GetString(), error.GetProperty("code").GetString(), error.GetProperty("type").GetString()));
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.DoesNotContain("Parameter", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, server.Toy.Predictor.Predictions);
    }

    [Fact]
    public async Task An_unknown_model_is_not_found()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpResponseMessage response = await server.GenerateAsync(new { prompt = "a cat", model = "dall-e-3" });
        JsonElement error = (await TestServer.JsonAsync(response)).GetProperty("error");
        Assert.Equal((HttpStatusCode.NotFound, "model", "model_not_found"), (response.StatusCode, error.GetProperty("param").GetString(), error.GetProperty("code").GetString()));
        Assert.Contains("dall-e-3", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_fault_of_the_caller_is_not_told()
    {
        var model = new GatedModel();
        model.Predictor.BeforePrediction = () => throw new IOException("/secret/path");
        await using TestServer server = await TestServer.StartAsync(model);
        HttpResponseMessage response = await server.GenerateAsync(new { prompt = "a cat" });
        JsonElement error = (await TestServer.JsonAsync(response)).GetProperty("error");
        Assert.Equal((HttpStatusCode.InternalServerError, "server_error"), (response.StatusCode, error.GetProperty("type").GetString()));
        Assert.DoesNotContain("secret", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains(response.Headers.GetValues("X-Request-Id").Single(), error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, server.Load.Running);
    }

    [Fact]
    public async Task A_model_that_cannot_be_loaded_is_unavailable()
    {
        await using TestServer server = await TestServer.StartAsync(new GatedModel(), load: () => throw new ModelFormatException("/secret/path", "it is broken."));
        HttpResponseMessage response = await server.GenerateAsync(new { prompt = "a cat" });
        JsonElement error = (await TestServer.JsonAsync(response)).GetProperty("error");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "model_unavailable"), (response.StatusCode, error.GetProperty("code").GetString()));
        Assert.DoesNotContain("secret", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
