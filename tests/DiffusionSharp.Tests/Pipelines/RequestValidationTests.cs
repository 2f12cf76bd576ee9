using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;
using DiffusionSharp.Tests.Guidance;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>A wrong request is refused before the model is asked, by the name of what is wrong and with what it may be.</summary>
public sealed class RequestValidationTests : IDisposable
{
    private static readonly TextToImageRequest Request = new("a cat");
    private readonly RecordingPredictor _predictor = new(Toy.Predict);
    private readonly DiffusionPipeline _pipeline;

    public RequestValidationTests() => _pipeline = Toy.Builder(_predictor).Build();

    [Theory]
    [InlineData(0, "at least 1")]
    [InlineData(-3, "at least 1")]
    [InlineData(1001, "[1, 1000]")]
    public void Steps_are_between_1_and_the_training_timesteps(int steps, string range) => AssertRefused(Request with { Steps = steps }, "Steps", range);

    [Fact]
    public void Timesteps_fall_and_exist()
    {
        AssertRefused(Request with { Timesteps = [400, 500] }, "Timesteps", "timestep 1 is 500 after 400");
        AssertRefused(Request with { Timesteps = [1000, 500] }, "Timesteps", "[0, 999]");
        AssertRefused(Request with { Timesteps = [] }, "Timesteps", "at least 1");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-8)]
    [InlineData(12)]
    public void Sides_are_multiples_of_the_downsampling_factor(int side)
    {
        AssertRefused(Request with { Width = side }, "Width", "multiples of 8");
        AssertRefused(Request with { Height = side }, "Height", "multiples of 8");
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(3, 24)]
    [InlineData(8, 64)] // A network that halves three times, behind an autoencoder that does, too.
    public void The_pipeline_says_which_multiple_fits_decoder_and_network(int network, int pixels)
    {
        using DiffusionPipeline pipeline = Toy.Builder(new RecordingPredictor(Toy.Predict) { SizeMultiple = network }).Build();
        Assert.Equal(pixels, pipeline.SizeMultiple);
        pipeline.Generate(Request with { Width = 2 * pixels, Height = 3 * pixels, Steps = 1 });
    }

    [Theory]
    [InlineData(72, "64 and 128 are nearest")]
    [InlineData(8, "64 is the least")]
    [InlineData(-64, "64 is the least")]
    [InlineData(int.MaxValue, "2147483584 and 2147483648 are nearest")]
    public void A_side_that_does_not_fit_the_network_is_refused_in_pixels(int side, string nearest)
    {
        using DiffusionPipeline pipeline = Toy.Builder(new RecordingPredictor(Toy.Predict) { SizeMultiple = 8 }).Build();
        foreach (GenerationRequest request in new[] { Request with { Width = side, Height = 64 }, Request with { Width = 64, Height = side } })
        {
            string message = Assert.Throws<ArgumentOutOfRangeException>(() => pipeline.Generate(request)).Message;
            Assert.Contains("multiples of 64 pixels", message, StringComparison.Ordinal);
            Assert.Contains(nearest, message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(-0.01)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void Strength_is_in_0_to_1(double strength) => AssertRefused(new ImageToImageRequest("a cat", Toy.Picture()) { Strength = strength }, "Strength", "[0, 1]");

    [Theory]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_guidance_scale_is_a_number_of_at_least_0(float scale) => AssertRefused(Request with { GuidanceScale = scale }, "GuidanceScale", "at least 0");

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void At_least_one_picture_is_asked_for(int count) => AssertRefused(Request with { Count = count }, "Count", "at least 1");

    [Fact]
    public void Seeds_are_not_negative_and_one_for_each_picture()
    {
        AssertRefused(Request with { Seed = -1 }, "Seed", "[0, 2^63 - 1]");
        AssertRefused(Request with { Seeds = [3, -1], Count = 2 }, "Seeds", "[0, 2^63 - 1]");
        AssertRefused(Request with { Seeds = [3, 4, 5], Count = 2 }, "Seeds", "3 seeds for 2 pictures");
        AssertRefused(Request with { Seed = long.MaxValue, Count = 2 }, "Seed", "[0, 2^63 - 1]");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t\n")]
    public void A_prompt_is_not_blank(string prompt) => AssertRefused(new TextToImageRequest(prompt), "Prompt", "blank");

    [Fact]
    public void A_request_and_its_texts_are_not_null()
    {
        Assert.Equal("request", Assert.Throws<ArgumentNullException>(() => _pipeline.Generate(null!)).ParamName);
        AssertRefused(new TextToImageRequest(null!), "Prompt", "null");
        AssertRefused(Request with { Prompts = [null!] }, "Prompt", "blank");
        AssertRefused(Request with { NegativePrompts = [null!] }, "NegativePrompts", "null");
        Assert.Equal("initialImage", Assert.Throws<ArgumentNullException>(() => new ImageToImageRequest("a cat", null!)).ParamName);
    }

    [Fact]
    public void An_initial_image_is_one_finite_picture_of_the_right_channels()
    {
        Tensor<float> broken = Toy.Picture();
        broken[0, 2, 3, 4] = float.NaN;
        AssertImageRefused(broken, "InitialImage", "not finite");
        AssertImageRefused(Tensor.CreateFromShape<float>([2, 3, 16, 32]), "InitialImage", "[2, 3, 16, 32]");
        AssertImageRefused(Tensor.CreateFromShape<float>([3, 16, 32]), "InitialImage", "[3, 16, 32]");
        AssertImageRefused(Tensor.CreateFromShape<float>([1, 1, 16, 32]), "Image", "[1, 1, 16, 32]");
        AssertImageRefused(Tensor.CreateFromShape<float>([1, 3, 16, 33]), "InitialImage", "multiples of 8");
    }

    [Fact]
    public void A_mask_is_one_of_the_pictures_size_with_values_in_0_to_1_and_has_a_picture()
    {
        var request = new ImageToImageRequest("a cat", Toy.Picture());
        AssertRefused(request with { Mask = Tensor.CreateFromShape<float>([1, 1, 16, 24]) }, "Mask", "[1, 1, 16, 32]");
        AssertRefused(request with { Mask = Tensor.CreateFromShape<float>([1, 3, 16, 32]) }, "Mask", "[1, 3, 16, 32]");
        AssertRefused(request with { Mask = Tensor.CreateFromShape<float>([16, 32]) }, "Mask", "[16, 32]");
        foreach (float value in (float[])[-0.01f, 1.01f, float.NaN])
        {
            Tensor<float> mask = Tensor.CreateFromShape<float>([1, 1, 16, 32]);
            mask[0, 0, 15, 31] = value;
            AssertRefused(request with { Mask = mask }, "Mask", "[0, 1]");
        }

        AssertRefused(Request with { Mask = Tensor.CreateFromShape<float>([1, 1, 16, 32]) }, "Mask", "InitialImage");
    }

    [Fact]
    public void Noise_levels_of_ones_own_fall_and_the_scheduler_steps_through_them()
    {
        AssertRefused(Request with { Sigmas = [] }, "Sigmas", "at least 1");
        AssertRefused(Request with { Sigmas = [1, 1] }, "Sigmas", "number 1 is 1");
        AssertRefused(Request with { Sigmas = [1, -1] }, "Sigmas", "number 1 is -1");
        AssertRefused(Request with { Sigmas = [double.PositiveInfinity, 1] }, "Sigmas", "number 0");
        AssertRefused(Request with { Sigmas = [2, 1], Timesteps = [500, 1] }, "Sigmas", "Timesteps");
        AssertRefused(Request with { Sigmas = [2, 1] }, "Sigmas", "takes no noise levels");
        AssertRefused(Request with { Mu = double.NaN }, "Mu", "finite");
    }

    [Fact]
    public void Conditions_are_those_of_one_picture()
    {
        Tensor<float> two = Tensor.CreateFromShape<float>([2, 2, 3]);
        AssertRefused(Request with { Conditioning = Conditioning.Of((ConditionNames.Context, two)) }, "Conditioning", "context");
        AssertRefused(Request with { Conditioning = Conditioning.Of((ConditionNames.ClassLabels, Tensor.Create<float>([1, 2], [2]))) }, "Conditioning", "class_labels");
        AssertRefused(Request with { Conditioning = Conditioning.Of(("time_ids", two)) }, "Conditioning", "time_ids");
        AssertRefused(Request with { NegativeConditioning = Conditioning.Of((ConditionNames.Context, two)) }, "NegativeConditioning", "[2, 2, 3]");
    }

    [Fact]
    public void Sides_that_no_array_can_hold_are_refused()
    {
        AssertRefused(Request with { Width = 1 << 30, Height = 1 << 30 }, "Width", "1073741824 x 1073741824");
        AssertRefused(Request with { Width = 1 << 15, Height = 1 << 15 }, "Width", "smaller or fewer");
        AssertRefused(Request with { Count = int.MaxValue }, "Count", "2147483647 pictures");
    }

    [Fact]
    public void A_size_besides_an_initial_image_is_its_size()
    {
        var request = new ImageToImageRequest("a cat", Toy.Picture());
        AssertRefused(request with { Width = 64 }, "Width", "64, but the initial image has 32");
        AssertRefused(request with { Height = 8 }, "Height", "8, but the initial image has 16");
        Assert.Equal([1, 3, 16, 32], _pipeline.Generate(request with { Width = 32, Height = 16 }).Images[0].Pixels.Lengths);
    }

    [Fact]
    public void Without_a_text_encoder_a_prompt_cannot_be_read()
    {
        using DiffusionPipeline pipeline = Toy.PixelBuilder(_predictor).Build();
        string message = Assert.Throws<InvalidOperationException>(() => pipeline.Generate(Request)).Message;
        Assert.Contains("no text encoder", message, StringComparison.Ordinal);
        Assert.Contains("UseTextEncoder", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_latent_encoder_there_is_no_starting_from_a_picture()
    {
        using DiffusionPipeline pipeline = DiffusionPipeline.CreateBuilder()
            .UseNoisePredictor(_predictor)
            .UseScheduler(Toy.Ddim)
            .UseLatentDecoder(new ToyAutoencoder())
            .Build();

        // At the call, and not in the task.
        string message = Assert.Throws<InvalidOperationException>(() => { _ = pipeline.GenerateAsync(new GenerationRequest { InitialImage = Toy.Picture() }); }).Message;
        Assert.Contains("no latent encoder", message, StringComparison.Ordinal);
        Assert.Contains("UseLatentEncoder", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_text_encoder_guidance_needs_to_be_told_what_to_move_away_from()
    {
        using DiffusionPipeline pipeline = Toy.PixelBuilder(_predictor).Build();
        var e = Assert.Throws<ArgumentException>(() => pipeline.Generate(new GenerationRequest { ClassLabel = 1, GuidanceScale = 2 }));
        Assert.Equal("NegativeConditioning", e.ParamName);
        Assert.Contains("scale of 1", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_model_that_fails_is_stopped_at_the_step_and_named(float value)
    {
        int calls = 0;
        var predictor = new RecordingPredictor((_, _, _, prediction) => prediction.Fill(++calls == 3 ? value : 0));
        using DiffusionPipeline pipeline = Toy.PixelBuilder(predictor).Build();
        var e = Assert.Throws<NonFiniteSampleException>(() => pipeline.Generate(new GenerationRequest()));
        Assert.Equal((3, 400.0), (e.Step, e.Timestep));
        Assert.Contains("The noise predictor returned values that are not finite in step 3 (timestep 400)", e.Message, StringComparison.Ordinal);
        Assert.Equal(3, predictor.Predictions);
        Assert.Equal(0, predictor.RunningRuns);
    }

    public void Dispose() => _pipeline.Dispose();

    private void AssertImageRefused(Tensor<float> image, string name, string range) => AssertRefused(new ImageToImageRequest("a cat", image), name, range);

    private void AssertRefused(GenerationRequest request, string name, string range)
    {
        var e = Assert.ThrowsAny<ArgumentException>(() => _pipeline.Generate(request));
        Assert.Equal(name, e.ParamName, ignoreCase: true);
        Assert.Contains(range, e.Message, StringComparison.Ordinal);
        Assert.Empty(_predictor.Plans);
    }
}
