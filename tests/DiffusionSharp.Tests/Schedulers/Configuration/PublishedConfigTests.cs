using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers.Configuration;

/// <summary>Configurations as models are published with them.</summary>
public class PublishedConfigTests
{
    private const string StableDiffusion14 = """
        "beta_end": 0.012, "beta_schedule": "scaled_linear", "beta_start": 0.00085, "num_train_timesteps": 1000, "skip_prk_steps": true, "trained_betas": null
        """;

    public static TheoryData<string, string> Published() => new()
    {
        { "Stable Diffusion 1.5", $$"""{"_class_name": "PNDMScheduler", "_diffusers_version": "0.6.0", {{StableDiffusion14}}, "set_alpha_to_one": false, "steps_offset": 1, "clip_sample": false}""" },
        { "Stable Diffusion 2.1", """{"_class_name": "DDIMScheduler", "beta_end": 0.012, "beta_schedule": "scaled_linear", "beta_start": 0.00085, "clip_sample": false, "num_train_timesteps": 1000, "prediction_type": "v_prediction", "set_alpha_to_one": false, "skip_prk_steps": true, "steps_offset": 1, "trained_betas": null}""" },
        { "Stable Diffusion XL", """{"_class_name": "EulerDiscreteScheduler", "beta_end": 0.012, "beta_schedule": "scaled_linear", "beta_start": 0.00085, "clip_sample": false, "interpolation_type": "linear", "num_train_timesteps": 1000, "prediction_type": "epsilon", "sample_max_value": 1.0, "set_alpha_to_one": false, "skip_prk_steps": true, "steps_offset": 1, "timestep_spacing": "leading", "trained_betas": null, "use_karras_sigmas": false}""" },
        { "Stable Diffusion XL Turbo", """{"_class_name": "EulerAncestralDiscreteScheduler", "beta_end": 0.012, "beta_schedule": "scaled_linear", "beta_start": 0.00085, "clip_sample": false, "interpolation_type": "linear", "num_train_timesteps": 1000, "prediction_type": "epsilon", "sample_max_value": 1.0, "set_alpha_to_one": false, "sigma_max": null, "sigma_min": null, "skip_prk_steps": true, "steps_offset": 1, "timestep_spacing": "trailing", "trained_betas": null, "use_karras_sigmas": false}""" },
        { "LCM Dreamshaper", """{"_class_name": "LCMScheduler", "beta_end": 0.012, "beta_schedule": "scaled_linear", "beta_start": 0.00085, "clip_sample": false, "clip_sample_range": 1.0, "dynamic_thresholding_ratio": 0.995, "num_train_timesteps": 1000, "original_inference_steps": 50, "prediction_type": "epsilon", "rescale_betas_zero_snr": false, "sample_max_value": 1.0, "set_alpha_to_one": true, "steps_offset": 0, "thresholding": false, "timestep_spacing": "leading", "trained_betas": null}""" },
        { "Stable Diffusion 3", """{"_class_name": "FlowMatchEulerDiscreteScheduler", "num_train_timesteps": 1000, "shift": 3.0}""" },
        { "an exchanged class", $$"""{"_class_name": "DPMSolverMultistepScheduler", {{StableDiffusion14}}, "set_alpha_to_one": false, "steps_offset": 1, "clip_sample": false}""" },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void Keys_that_ask_for_nothing_are_not_warned_of(string model, string json)
    {
        using var log = new RecordingLogger();
        SchedulerConfig.Create(json, model, logger: log);
        Assert.Empty(log.Lines);
    }

    [Theory]
    [InlineData("PNDMScheduler", "clip_sample", "true")]
    [InlineData("PNDMScheduler", "thresholding", "true")]
    [InlineData("PNDMScheduler", "use_karras_sigmas", "true")]
    [InlineData("EulerDiscreteScheduler", "clip_sample", "true")]
    [InlineData("EulerAncestralDiscreteScheduler", "use_karras_sigmas", "true")]
    [InlineData("LMSDiscreteScheduler", "rescale_betas_zero_snr", "true")]
    [InlineData("DDIMScheduler", "predict_epsilon", "false")]
    [InlineData("DDIMScheduler", "interpolation_type", "\"log_linear\"")]
    [InlineData("DDIMScheduler", "beta_strat", "0.1")]
    [InlineData("FlowMatchHeunDiscreteScheduler", "use_dynamic_shifting", "true")]
    public void Keys_that_ask_for_something_that_is_not_done_are(string className, string key, string value)
    {
        using var log = new RecordingLogger();
        SchedulerConfig.Create($$"""{"_class_name": "{{className}}", "{{key}}": {{value}}}""", logger: log);
        Assert.Contains($"'{key}' is not used by {className}", Assert.Single(log.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("StableDiffusionPipeline")]
    [InlineData("StableDiffusionImg2ImgPipeline")]
    [InlineData("OnnxStableDiffusionPipeline")]
    [InlineData("ORTStableDiffusionPipeline")]
    public void Stable_Diffusions_pipelines_correct_outdated_configurations(string pipeline)
    {
        using var log = new RecordingLogger();
        var scheduler = (DdimScheduler)SchedulerConfig.Create($$"""{"_class_name": "DDIMScheduler", {{StableDiffusion14}}, "clip_sample": true}""", "config.json", pipeline, log);
        Assert.Equal((1, SampleClipping.None), (scheduler.Options.StepsOffset, scheduler.Options.Clipping));
        Assert.Equal(
            ["config.json: the key 'steps_offset' is absent, which is outdated; 1 is used, as diffusers does.", "config.json: the key 'clip_sample' is true, which is outdated; false is used, as diffusers does."],
            log.Lines);
        Assert.Empty(log.Warnings);
    }

    [Fact]
    public void That_for_inpainting_skips_the_steps_of_Runge_and_Kutta()
    {
        const string Json = """{"_class_name": "PNDMScheduler", "steps_offset": 1}""";
        Assert.False(Pndm(null).SkipPrkSteps);
        Assert.True(Pndm("StableDiffusionInpaintPipeline").SkipPrkSteps);
        PndmOptions Pndm(string? pipeline) => ((PndmScheduler)SchedulerConfig.Create(Json, pipelineClass: pipeline)).Options;
    }

    [Theory]
    [InlineData(null)]
    [InlineData("StableDiffusionXLPipeline")]
    [InlineData("StableDiffusionUpscalePipeline")]
    [InlineData("DDPMPipeline")]
    public void Others_take_what_the_file_says(string? pipeline)
    {
        using var log = new RecordingLogger();
        var scheduler = (DdimScheduler)SchedulerConfig.Create("""{"_class_name": "DDIMScheduler", "steps_offset": 0, "clip_sample": true}""", pipelineClass: pipeline, logger: log);
        Assert.Equal((0, SampleClipping.Clamp(1)), (scheduler.Options.StepsOffset, scheduler.Options.Clipping));
        Assert.Empty(log.Lines);
    }

    [Theory]
    [InlineData("num_train_timesteps", "1000000000")]
    [InlineData("num_train_timesteps", "0")]
    [InlineData("num_train_timesteps", "-1000")]
    [InlineData("num_train_timesteps", "999.5")]
    [InlineData("steps_offset", "2000000000")]
    [InlineData("beta_start", "-0.1")]
    [InlineData("beta_end", "1.5")]
    [InlineData("beta_end", "NaN")]
    [InlineData("beta_end", "Infinity")]
    [InlineData("beta_start", "1e999")]
    [InlineData("clip_sample_range", "-1")]
    [InlineData("clip_sample_range", "1e300")]
    [InlineData("trained_betas", "[1e999]")]
    [InlineData("trained_betas", "[NaN]")]
    public void Absurd_numbers_are_refused_by_their_key(string key, string value)
    {
        foreach (string className in (string[])["DDIMScheduler", "DDPMScheduler"])
        {
            var error = Assert.Throws<ModelFormatException>(() => SchedulerConfig.Create($$"""{"_class_name": "{{className}}", "{{key}}": {{value}}}"""));
            Assert.Contains($"'{key}' must be", error.Message, StringComparison.Ordinal);
        }
    }

    // Würstchen's and Karras VE's models were trained at continuous levels, so their configurations have no such key.
    [Fact]
    public void A_schedule_of_a_billion_timesteps_is_refused_whatever_class_reads_it() => Assert.All(
        SchedulerConfig.KnownClasses.Except(["DDPMWuerstchenScheduler", "KarrasVeScheduler"]),
        className => Assert.Contains("'num_train_timesteps' must be", Assert.Throws<ModelFormatException>(() => SchedulerConfig.Create($$"""{"_class_name": "{{className}}", "num_train_timesteps": 1000000000}""")).Message, StringComparison.Ordinal));
}
