using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers.Configuration;

/// <summary>Reading <c>scheduler_config.json</c>.</summary>
public class SchedulerConfigTests
{
    // As stable-diffusion-v1-5 ships it, but for the class, which people exchange.
    private const string StableDiffusion = """
        {
          "_class_name": "DDIMScheduler",
          "_diffusers_version": "0.6.0",
          "beta_end": 0.012,
          "beta_schedule": "scaled_linear",
          "beta_start": 0.00085,
          "num_train_timesteps": 1000,
          "set_alpha_to_one": false,
          "skip_prk_steps": true,
          "steps_offset": 1,
          "trained_betas": null,
          "clip_sample": false
        }
        """;

    // The records have the defaults of all classes but deprecated ones.
    private static IEnumerable<string> Recorded => SchedulerConfig.KnownClasses.Where(name => SchedulerVectors.All.GetProperty("defaults").TryGetProperty(name, out _));

    public static TheoryData<string> KnownClasses() => [.. Recorded];

    public static TheoryData<string> DiscreteClasses() => [.. Recorded.Where(name => SchedulerConfig.Create($$"""{"_class_name": "{{name}}"}""") is IDiscreteScheduler)];

    [Fact]
    public void Stable_diffusions_own_file_is_the_preset()
    {
        var scheduler = Assert.IsType<DdimScheduler>(SchedulerConfig.Create(StableDiffusion));
        Assert.Equal(DdimOptions.StableDiffusion.Schedule.Betas, scheduler.Options.Schedule.Betas);
        Assert.Equal(DdimOptions.StableDiffusion, scheduler.Options with { Schedule = DdimOptions.StableDiffusion.Schedule });
    }

    [Theory]
    [MemberData(nameof(DiscreteClasses))]
    public void What_a_file_leaves_out_has_the_default_of_diffusers(string name)
    {
        JsonElement defaults = SchedulerVectors.All.GetProperty("defaults").GetProperty(name);
        IScheduler spoken = SchedulerConfig.Create(SchedulerVectors.ConfigText(name, defaults));
        IScheduler silent = SchedulerConfig.Create($$"""{"_class_name": "{{name}}"}""");
        AssertSame(Options(spoken), Options(silent));
    }

    [Theory]
    [MemberData(nameof(DiscreteClasses))]
    public void Null_is_as_good_as_leaving_out(string name)
    {
        var config = new JsonObject { ["_class_name"] = name };
        foreach (JsonProperty property in SchedulerVectors.All.GetProperty("defaults").GetProperty(name).EnumerateObject())
        {
            config[property.Name] = null;
        }

        AssertSame(Options(SchedulerConfig.Create($$"""{"_class_name": "{{name}}"}""")), Options(SchedulerConfig.Create(config.ToJsonString())));
    }

    [Theory]
    [MemberData(nameof(KnownClasses))]
    public void Every_argument_that_diffusers_has_is_used(string name)
    {
        using var log = new RecordingLogger();
        JsonElement defaults = SchedulerVectors.All.GetProperty("defaults").GetProperty(name);
        SchedulerConfig.Create(SchedulerVectors.ConfigText(name, defaults), logger: log);
        Assert.Empty(log.Lines);
    }

    [Fact]
    public void Keys_are_the_options_that_they_are_named_after()
    {
        DdpmOptions ddpm = Ddpm("""
            "num_train_timesteps": 10, "trained_betas": [0.5, 0.25], "prediction_type": "v_prediction", "timestep_spacing": "trailing",
            "variance_type": "learned_range", "clip_sample_range": 2, "steps_offset": 3
            """);
        Assert.Equal([0.5f, 0.25f], ddpm.Schedule.Betas);
        Assert.Equal(PredictionType.Velocity, ddpm.PredictionType);
        Assert.Equal(TimestepSpacing.Trailing, ddpm.TimestepSpacing);
        Assert.Equal(VarianceType.LearnedRange, ddpm.VarianceType);
        Assert.Equal(SampleClipping.Clamp(2), ddpm.Clipping);
        Assert.Equal(3, ddpm.StepsOffset);

        Assert.Equal(PredictionType.Sample, Ddpm("\"prediction_type\": \"sample\"").PredictionType);
        Assert.Equal(TimestepSpacing.Linspace, Ddpm("\"timestep_spacing\": \"linspace\"").TimestepSpacing);
        Assert.Equal(SampleClipping.None, Ddpm("\"clip_sample\": false").Clipping);
        Assert.Equal(0, Ddpm("\"rescale_betas_zero_snr\": true").Schedule.AlphaBar[^1]);
        Assert.Equal(10, Ddpm("\"num_train_timesteps\": 10").Schedule.TrainingTimesteps);
    }

    [Fact]
    public void Thresholding_wins_over_clipping() => Assert.Equal(
        SampleClipping.DynamicThreshold(0.9f, 1.5f),
        Ddpm("\"thresholding\": true, \"clip_sample\": true, \"dynamic_thresholding_ratio\": 0.9, \"sample_max_value\": 1.5").Clipping);

    [Theory]
    [InlineData("linear")]
    [InlineData("scaled_linear")]
    [InlineData("squaredcos_cap_v2")]
    [InlineData("sigmoid")]
    [InlineData("laplace")]
    public void Every_beta_schedule_has_its_shape(string name)
    {
        NoiseSchedule expected = name switch
        {
            "linear" => NoiseSchedule.Linear(100, 0.001, 0.01),
            "scaled_linear" => NoiseSchedule.ScaledLinear(100, 0.001, 0.01),
            "squaredcos_cap_v2" => NoiseSchedule.SquaredCosine(100),
            "sigmoid" => NoiseSchedule.Sigmoid(100, 0.001, 0.01),
            _ => NoiseSchedule.Laplace(100),
        };
        Assert.Equal(expected.Betas, Ddpm($"\"beta_schedule\": \"{name}\", \"num_train_timesteps\": 100, \"beta_start\": 0.001, \"beta_end\": 0.01").Schedule.Betas);
    }

    [Fact]
    public void Keys_that_are_not_used_are_named_but_not_what_the_writer_noted_for_itself()
    {
        using var log = new RecordingLogger();
        SchedulerConfig.Create("""{"_class_name": "DDIMScheduler", "_note": 1, "use_karras_sigmas": true}""", "model/scheduler_config.json", logger: log);
        Assert.Equal(["model/scheduler_config.json: the key 'use_karras_sigmas' is not used by DDIMScheduler."], log.Warnings);
    }

    [Fact]
    public void Even_spacing_in_log_snr_is_a_key_of_one_class_and_not_used_by_others()
    {
        using var log = new RecordingLogger();
        SchedulerConfig.Create("""{"_class_name": "HeunDiscreteScheduler", "use_lu_lambdas": true}""", logger: log).Start(new SamplingPlan(5, new SampleShape(1, 1, 2, 2)));
        Assert.Contains("use_lu_lambdas", Assert.Single(log.Warnings), StringComparison.Ordinal);

        var solver = (DpmSolverScheduler)SchedulerConfig.Create("""{"_class_name": "DPMSolverMultistepScheduler", "use_lu_lambdas": true}""");
        Assert.Equal(SigmaSpacing.Lu, solver.Options.SigmaSpacing);
    }

    [Fact]
    public void Comments_and_trailing_commas_do_no_harm() =>
        Assert.Equal(2, Ddpm("\"steps_offset\": 2, // as trained\n").StepsOffset);

    [Fact]
    public void An_unknown_class_is_refused_with_the_known_ones()
    {
        ModelFormatException e = Refused("""{"_class_name": "EulerianScheduler"}""");
        Assert.Contains("'EulerianScheduler'", e.Message, StringComparison.Ordinal);
        Assert.All(SchedulerConfig.KnownClasses, name => Assert.Contains(name, e.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("DDIMSheduler", "DDIMScheduler")]
    [InlineData("EulerAncestralScheduler", "EulerAncestralDiscreteScheduler")]
    [InlineData("DPMSolverMultistepSchedulerX", "DPMSolverMultistepScheduler")]
    public void An_unknown_class_is_refused_with_the_nearest_known_one(string name, string nearest) =>
        Assert.Contains($"nearest known one is {nearest},", Refused($$"""{"_class_name": "{{name}}"}""").Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("beta_start", "\"small\"", "a number")]
    [InlineData("num_train_timesteps", "10.5", "a whole number")]
    [InlineData("num_train_timesteps", "99999999999", "a whole number")]
    [InlineData("steps_offset", "true", "a whole number")]
    [InlineData("clip_sample", "1", "true or false")]
    [InlineData("prediction_type", "3", "text")]
    [InlineData("trained_betas", "0.5", "a list of numbers")]
    [InlineData("trained_betas", "[0.5, \"x\"]", "a list of numbers")]
    public void A_value_of_the_wrong_kind_is_refused_by_file_key_and_value(string key, string value, string expected)
    {
        ModelFormatException e = Refused($$"""{"_class_name": "DDPMScheduler", "{{key}}": {{value}}}""");
        Assert.Equal("model/scheduler_config.json", e.Path);
        Assert.StartsWith("model/scheduler_config.json: ", e.Message, StringComparison.Ordinal);
        Assert.Contains($"'{key}' must be {expected}", e.Message, StringComparison.Ordinal);
        Assert.Contains(value.Trim('[', ']').Split(' ')[^1], e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("beta_schedule", "squaredcos_cap_v2")]
    [InlineData("prediction_type", "v_prediction")]
    [InlineData("timestep_spacing", "trailing")]
    [InlineData("variance_type", "learned_range")]
    public void A_word_that_is_not_known_is_refused_with_the_known_ones(string key, string known)
    {
        ModelFormatException e = Refused($$"""{"_class_name": "DDPMScheduler", "{{key}}": "other"}""");
        Assert.Contains($"'{key}' is 'other'", e.Message, StringComparison.Ordinal);
        Assert.Contains(known, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"num_train_timesteps\": 0")]
    [InlineData("\"beta_end\": 2")]
    [InlineData("\"beta_start\": 0")]
    [InlineData("\"trained_betas\": []")]
    [InlineData("\"clip_sample_range\": 0")]
    [InlineData("\"steps_offset\": -1")]
    [InlineData("\"num_train_timesteps\": 1, \"rescale_betas_zero_snr\": true")]
    public void A_number_out_of_range_is_a_fault_of_the_file(string keys) =>
        Assert.Equal("model/scheduler_config.json", Refused($$"""{"_class_name": "DDPMScheduler", {{keys}}}""").Path);

    [Theory]
    [InlineData("{", "not valid JSON")]
    [InlineData("", "not valid JSON")]
    [InlineData("[1]", "expected a JSON object, found Array")]
    [InlineData("{}", "'_class_name' is missing")]
    [InlineData("{\"_class_name\": 3}", "'_class_name' must be text")]
    public void What_is_not_a_configuration_is_refused(string json, string message) =>
        Assert.Contains(message, Refused(json).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_is_read_and_named_in_errors()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string path = Path.Combine(folder, "scheduler_config.json");
            Assert.Contains("missing", Assert.Throws<ModelFormatException>(() => SchedulerConfig.Load(path)).Message, StringComparison.Ordinal);
            Assert.Equal(path, Assert.Throws<ModelFormatException>(() => SchedulerConfig.Load(path)).Path);

            File.WriteAllText(path, StableDiffusion);
            Assert.IsType<DdimScheduler>(SchedulerConfig.Load(path));

            File.WriteAllText(path, "{");
            Assert.Equal(path, Assert.Throws<ModelFormatException>(() => SchedulerConfig.Load(path)).Path);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Classes_that_differ_by_name_only_make_the_same_scheduler()
    {
        Assert.Equal(0.5f, Assert.IsType<DdimScheduler>(SchedulerConfig.Create("""{"_class_name": "DDIMParallelScheduler", "trained_betas": [0.5]}""")).Options.Schedule.Betas[0]);
        Assert.Equal(VarianceType.FixedLarge, Assert.IsType<DdpmScheduler>(SchedulerConfig.Create("""{"_class_name": "DDPMParallelScheduler", "variance_type": "fixed_large"}""")).Options.VarianceType);
        FlowMatchEulerOptions flow = Assert.IsType<FlowMatchEulerScheduler>(SchedulerConfig.Create("""{"_class_name": "FlowMatchLCMScheduler", "shift": 3}""")).Options;
        Assert.Equal((3, true), (flow.Shift, flow.IsStochastic));
    }

    [Fact]
    public void A_generation_that_grows_from_step_to_step_is_refused_by_key() =>
        Assert.Contains("'scale_factors' is [0.5, 1]", Refused("""{"_class_name": "FlowMatchLCMScheduler", "scale_factors": [0.5, 1]}""").Message, StringComparison.Ordinal);

    private static DdpmOptions Ddpm(string keys) => ((DdpmScheduler)SchedulerConfig.Create($$"""{"_class_name": "DDPMScheduler", {{keys}}}""")).Options;

    private static ModelFormatException Refused(string json) =>
        Assert.Throws<ModelFormatException>(() => SchedulerConfig.Create(json, "model/scheduler_config.json"));

    private static DiscreteSchedulerOptions Options(IScheduler scheduler) => Assert.IsType<IDiscreteScheduler>(scheduler, exactMatch: false).Options;

    private static void AssertSame(DiscreteSchedulerOptions expected, DiscreteSchedulerOptions actual)
    {
        Assert.Equal(expected.Schedule.Betas, actual.Schedule.Betas);
        Assert.Equal(expected, actual with { Schedule = expected.Schedule });
    }
}
