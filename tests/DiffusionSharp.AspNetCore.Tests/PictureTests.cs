using System.Net;
using System.Numerics.Tensors;
using System.Text.Json;
using DiffusionSharp.AspNetCore.Tests.Support;
using DiffusionSharp.ImageSharp;

namespace DiffusionSharp.AspNetCore.Tests;

/// <summary>Edits and variations: pictures that start from a picture.</summary>
public class PictureTests
{
    [Fact]
    public async Task An_edit_starts_from_the_picture()
    {
        await using TestServer server = await TestServer.StartAsync();
        JsonElement answer = await TestServer.JsonAsync(await server.SendAsync(TestServer.Form("/v1/images/edits", [("image", Pictures.Picture())], ("prompt", "a house"), ("seed", "2"), ("strength", "0.5"))));

        byte[] expected = await (await server.PipelineAsync()).DrawAsync(new ImageToImageRequest("a house", SavedPictures.Pixels(Pictures.Picture())) { Seed = 2, Strength = 0.5 });
        Assert.Equal(expected, Pictures.Of(answer));
    }

    [Fact]
    public async Task Where_the_mask_is_opaque_the_picture_stays()
    {
        await using TestServer server = await TestServer.StartAsync();
        JsonElement answer = await TestServer.JsonAsync(await server.SendAsync(TestServer.Form(
            "/v1/images/edits", [("image[]", Pictures.Picture()), ("mask", Pictures.RightHalfTransparent())], ("prompt", "a house"), ("seed", "2"))));

        var request = new InpaintingRequest("a house", SavedPictures.Pixels(Pictures.Picture()), Toy.RightHalf) { Seed = 2, PastesKnownPixels = true };
        Assert.Equal(await (await server.PipelineAsync()).DrawAsync(request), Pictures.Of(answer));
        Tensor<float> before = SavedPictures.Pixels(Pictures.Picture());
        Tensor<float> after = SavedPictures.Pixels(Pictures.Of(answer));
        int changed = Enumerable.Range(0, 3 * 16 * 32).Count(i => before.Values()[i] != after.Values()[i] && i % 32 >= 16);
        Assert.True(changed > 3 * 16 * 16 / 2, $"{changed} values are new.");
        Assert.All(Enumerable.Range(0, 3 * 16 * 32).Where(i => i % 32 < 16), i => Assert.Equal(before.Values()[i], after.Values()[i]));
    }

    [Fact]
    public async Task A_variation_needs_no_prompt()
    {
        await using TestServer server = await TestServer.StartAsync();
        JsonElement answer = await TestServer.JsonAsync(await server.SendAsync(TestServer.Form("/v1/images/variations", [("image", Pictures.Picture())], ("n", "2"), ("seed", "2"))));

        byte[] expected = await (await server.PipelineAsync()).DrawAsync(new GenerationRequest { InitialImage = SavedPictures.Pixels(Pictures.Picture()), Seed = 2 });
        Assert.Equal(expected, Pictures.Of(answer));
        Assert.Equal(2, answer.GetProperty("data").GetArrayLength());
    }

    [Theory]
    [InlineData(32, 16, null, "32x16")] // as large as the model likes it
    [InlineData(320, 160, null, "32x16")] // smaller, in the same proportions
    [InlineData(100, 100, null, "24x24")] // as many pixels: 22.6 rounds to multiples of 8
    [InlineData(16, 64, "48x16", "48x16")] // cut to what is asked for
    public async Task A_picture_of_any_size_is_made_to_fit(int width, int height, string? size, string expected)
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpRequestMessage request = TestServer.Form("/v1/images/edits", [("image", Pictures.Picture(width, height)), ("mask", Pictures.RightHalfTransparent(width, height))], ("prompt", "a house"), ("size", size ?? ""));
        JsonElement answer = await TestServer.JsonAsync(await server.SendAsync(request));
        Assert.Equal(expected, answer.GetProperty("size").GetString());
        Tensor<float> pixels = SavedPictures.Pixels(Pictures.Of(answer));
        Assert.Equal(expected, $"{pixels.Lengths[3]}x{pixels.Lengths[2]}");
    }

    [Fact]
    public async Task What_is_wrong_with_a_picture_is_said()
    {
        await using TestServer server = await TestServer.StartAsync();
        await Refused("image", "missing_required_parameter", TestServer.Form("/v1/images/edits", [("mask", Pictures.Opaque())], ("prompt", "a house")));
        await Refused("image", "invalid_value", TestServer.Form("/v1/images/edits", [("image", Pictures.Picture()), ("image", Pictures.Picture())], ("prompt", "a house")));
        await Refused("image", "invalid_image_file", TestServer.Form("/v1/images/edits", [("image", "no picture at all"u8.ToArray())], ("prompt", "a house")));
        await Refused("mask", "invalid_image_file", TestServer.Form("/v1/images/edits", [("image", Pictures.Picture()), ("mask", Pictures.Picture()[..40])], ("prompt", "a house")));
        await Refused("mask", "invalid_value", TestServer.Form("/v1/images/edits", [("image", Pictures.Picture()), ("mask", Pictures.Opaque())], ("prompt", "a house")));
        await Refused("strength", "invalid_value", TestServer.Form("/v1/images/edits", [("image", Pictures.Picture())], ("prompt", "a house"), ("strength", "1.5")));
        await Refused("prompt", "missing_required_parameter", TestServer.Form("/v1/images/edits", [("image", Pictures.Picture())]));
        await Refused("negative_prompt", "invalid_value", TestServer.Form("/v1/images/variations", [("image", Pictures.Picture())], ("negative_prompt", "a tree")));

        async Task Refused(string param, string code, HttpRequestMessage request)
        {
            HttpResponseMessage response = await server.SendAsync(request);
            JsonElement error = (await TestServer.JsonAsync(response)).GetProperty("error");
            Assert.Equal((HttpStatusCode.BadRequest, param, code), (response.StatusCode, error.GetProperty("param").GetString(), error.GetProperty("code").GetString()));
        }
    }

    [Fact]
    public async Task Pictures_with_too_many_pixels_are_not_decoded()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.MaxUploadPixels = 1000);
        HttpResponseMessage response = await server.SendAsync(TestServer.Form("/v1/images/variations", [("image", Pictures.Picture(64, 16))]));
        JsonElement error = (await TestServer.JsonAsync(response)).GetProperty("error");
        Assert.Equal((HttpStatusCode.BadRequest, "image"), (response.StatusCode, error.GetProperty("param").GetString()));
        Assert.Contains("64x16 pixels", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
