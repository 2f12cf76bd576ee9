using DiffusionSharp.Noise;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Guidance;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>A request may bring its own sampler, and the request of a result says everything that the picture depends on besides the model.</summary>
public class RequestSchedulerTests
{
    private static readonly TextToImageRequest Request = new("a cat") { Seed = 5 };

    [Fact]
    public void A_scheduler_of_the_request_stands_in_for_the_pipelines()
    {
        using DiffusionPipeline ddim = Toy.Pipeline(Toy.Ddim);
        using DiffusionPipeline ddpm = Toy.Pipeline(Toy.Ddpm);
        GeneratedImage own = ddim.Generate(Request with { Scheduler = Toy.Ddpm }).Images[0];
        Toy.AssertSamePixels(ddpm.Generate(Request).Images[0], own);
        Assert.Equal("DDPM", own.SchedulerName);
        Assert.Same(Toy.Ddpm, own.Request.Scheduler);
    }

    [Fact]
    public void A_request_of_a_result_makes_its_picture_on_a_pipeline_with_another_scheduler()
    {
        using DiffusionPipeline ddim = Toy.Pipeline(Toy.Ddim);
        using DiffusionPipeline ddpm = Toy.Pipeline(Toy.Ddpm);
        GenerationResult result = ddpm.Generate(Request with { Count = 2 });
        Assert.Same(Toy.Ddpm, result.Request.Scheduler);
        Assert.All(result.Images, image => Toy.AssertSamePixels(image, ddim.Generate(image.Request).Images[0]));
    }

    [Fact]
    public void An_inpainting_scheduler_of_the_request_keeps_what_is_known()
    {
        var inpainting = new InpaintingRequest("a cat", Toy.Picture(), Toy.RightHalf) { Seed = 5 };
        var repaint = new RePaintScheduler(RePaintOptions.From(Toy.Ddim.Options) with { JumpLength = 2, JumpSamples = 2 });
        using DiffusionPipeline ddim = Toy.Pipeline(Toy.Ddim);
        using DiffusionPipeline other = Toy.Pipeline(repaint);
        Toy.AssertSamePixels(other.Generate(inpainting).Images[0], ddim.Generate(inpainting with { Scheduler = repaint }).Images[0]);
    }

    [Fact]
    public void A_pipeline_without_a_predictor_refuses_a_scheduler_by_name()
    {
        using DiffusionPipeline pipeline = DiffusionPipeline.CreateBuilder().UseLatentDecoder(new ToyAutoencoder()).UseDefaults(Toy.Defaults).Build();
        var e = Assert.Throws<InvalidOperationException>(() => pipeline.Generate(new GenerationRequest { Scheduler = Toy.Ddim }));
        Assert.Contains("Scheduler", e.Message, StringComparison.Ordinal);
        Assert.Equal("", pipeline.Generate(new GenerationRequest()).Images[0].SchedulerName);
    }

    [Fact]
    public void A_result_says_the_kind_of_its_noise_and_pipelines_that_draw_another_refuse()
    {
        using DiffusionPipeline torch = Toy.Pipeline();
        using DiffusionPipeline numpy = Toy.Builder(new RecordingPredictor(Toy.Predict)).UseNoise(seed => new NumpyLegacyNoise(seed)).Build();
        GeneratedImage image = numpy.Generate(Request).Images[0];
        Assert.Equal(nameof(NumpyLegacyNoise), image.Request.Noise);
        Toy.AssertSamePixels(image, numpy.Generate(image.Request).Images[0]);
        string message = Assert.Throws<ArgumentException>(() => torch.Generate(image.Request)).Message;
        Assert.Contains(nameof(NumpyLegacyNoise), message, StringComparison.Ordinal);
        Assert.Contains(nameof(TorchCpuNoise), message, StringComparison.Ordinal);
    }
}
