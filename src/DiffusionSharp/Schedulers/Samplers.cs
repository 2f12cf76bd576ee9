namespace DiffusionSharp.Schedulers;

/// <summary>Samplers by the names that people know them by from AUTOMATIC1111's web UI, ComfyUI and diffusers, for models of a discrete noise schedule.</summary>
public static class Samplers
{
    private static readonly (string[] Names, Func<DiscreteSchedulerOptions, Spacing, IScheduler> Create)[] Table =
    [
        (["Euler", "euler", "EulerDiscreteScheduler"], (model, spacing) => new EulerScheduler(Spaced(model.For<EulerOptions>(), spacing))),
        (["Euler a", "Euler ancestral", "euler_ancestral", "EulerAncestralDiscreteScheduler"], (model, spacing) => new EulerAncestralScheduler(Spaced(model.For<EulerAncestralOptions>(), spacing))),
        (["Euler CFG++", "euler_cfg_pp"], (model, spacing) => new EulerCfgPlusPlusScheduler(Spaced(model.For<EulerCfgPlusPlusOptions>(), spacing))),
        (["Euler a CFG++", "Euler ancestral CFG++", "euler_ancestral_cfg_pp"], (model, spacing) => new EulerCfgPlusPlusScheduler(Spaced(model.For<EulerCfgPlusPlusOptions>(), spacing) with { Eta = 1 })),
        (["Heun", "heun", "HeunDiscreteScheduler"], (model, spacing) => new HeunScheduler(Spaced(model.For<HeunOptions>(), spacing))),
        (["DPM2", "dpm_2", "KDPM2DiscreteScheduler"], (model, spacing) => new Kdpm2Scheduler(Spaced(model.For<Kdpm2Options>(), spacing))),
        (["DPM2 a", "dpm_2_ancestral", "KDPM2AncestralDiscreteScheduler"], (model, spacing) => new Kdpm2AncestralScheduler(Spaced(model.For<Kdpm2AncestralOptions>(), spacing))),
        (["LMS", "lms", "LMSDiscreteScheduler"], (model, spacing) => new LmsScheduler(Spaced(model.For<LmsOptions>(), spacing))),
        (["DPM++ 2S a", "DPM++ 2S ancestral", "dpmpp_2s_ancestral"], (model, spacing) => new DpmSolverAncestralScheduler(Spaced(model.For<DpmSolverAncestralOptions>(), spacing))),
        (["DPM++ SDE", "dpmpp_sde", "DPMSolverSDEScheduler"], (model, spacing) => new DpmSolverSdeScheduler(Spaced(model.For<DpmSolverSdeOptions>(), spacing))),
        (["RES multistep", "res_multistep"], (model, spacing) => new ResMultistepScheduler(Spaced(model.For<ResMultistepOptions>(), spacing))),
        (["RES multistep ancestral", "res_multistep_ancestral"], (model, spacing) => new ResMultistepScheduler(Spaced(model.For<ResMultistepOptions>(), spacing) with { Eta = 1 })),
        (["RES 2s", "res_2s"], (model, spacing) => new Res2sScheduler(Spaced(model.For<Res2sOptions>(), spacing))),
        (["Gradient estimation", "gradient_estimation"], (model, spacing) => new GradientEstimationScheduler(Spaced(model.For<GradientEstimationOptions>(), spacing))),
        (["ER-SDE", "er_sde"], (model, spacing) => new ErSdeScheduler(Spaced(model.For<ErSdeOptions>(), spacing))),
        (["DPM++ 2M", "dpmpp_2m", "DPMSolverMultistepScheduler"], (model, spacing) => new DpmSolverScheduler(Spread(model.For<DpmSolverOptions>(), spacing))),
        (["DPM++ 3M", "dpmpp_3m"], (model, spacing) => new DpmSolverScheduler(Spread(model.For<DpmSolverOptions>(), spacing) with { SolverOrder = 3 })),
        (["DPM++ 2M SDE", "dpmpp_2m_sde"], (model, spacing) => new DpmSolverScheduler(Spread(model.For<DpmSolverOptions>(), spacing) with { Algorithm = DpmSolverAlgorithm.SdeDpmPlusPlus })),
        (["DPM++ 2M SDE Heun", "dpmpp_2m_sde_heun"], (model, spacing) => new DpmSolverScheduler(
            Spread(model.For<DpmSolverOptions>(), spacing) with { Algorithm = DpmSolverAlgorithm.SdeDpmPlusPlus, SolverType = DpmSolverType.Heun })),
        (["DPM++ 2S", "dpmpp_2s", "DPMSolverSinglestepScheduler"], (model, spacing) => new DpmSolverSinglestepScheduler(Spread(model.For<DpmSolverSinglestepOptions>(), spacing.WithoutTimesteps("DPM++ 2S")))),
        (["DEIS", "deis", "DEISMultistepScheduler"], (model, spacing) => new DeisScheduler(Spread(model.For<DeisOptions>(), spacing))),
        (["UniPC", "uni_pc", "UniPCMultistepScheduler"], (model, spacing) => new UniPcScheduler(Spread(model.For<UniPcOptions>(), spacing))),
        (["SA-Solver", "sa_solver", "SASolverScheduler"], (model, spacing) => new SaSolverScheduler(Spread(model.For<SaSolverOptions>(), spacing))),
        (["DDIM", "ddim", "DDIMScheduler"], (model, spacing) => new DdimScheduler(Stepped(model.For<DdimOptions>(), spacing.WithoutSigmas("DDIM")))),
        (["DDPM", "ddpm", "DDPMScheduler"], (model, spacing) => new DdpmScheduler(Stepped(model.For<DdpmOptions>(), spacing.WithoutSigmas("DDPM")))),
        (["PLMS", "plms", "PNDMScheduler"], (model, spacing) => new PndmScheduler(Stepped(model.For<PndmOptions>(), spacing.WithoutSigmas("PLMS")))),
        (["LCM", "lcm", "LCMScheduler"], (model, spacing) => new LcmScheduler(Stepped(model.For<LcmOptions>(), spacing.WithoutSigmas("LCM").WithoutTimesteps("LCM")))),
        (["TCD", "tcd", "TCDScheduler"], (model, spacing) => new TcdScheduler(Stepped(model.For<TcdOptions>(), spacing.WithoutSigmas("TCD").WithoutTimesteps("TCD")))),
    ];

    private static readonly (string Ending, Spacing Spacing)[] Endings =
    [
        ("Karras", new(SigmaSpacing.Karras)),
        ("Exponential", new(SigmaSpacing.Exponential)),
        ("Beta", new(SigmaSpacing.Beta)),
        ("KL Optimal", new(SigmaSpacing.KlOptimal)),
        ("kl_optimal", new(SigmaSpacing.KlOptimal)),
        ("bong_tangent", new(SigmaSpacing.BongTangent)),
        ("Align Your Steps", new(SigmaSpacing.AlignYourSteps)),
        ("Align Your Steps XL", new(SigmaSpacing.AlignYourStepsXl)),
        ("GITS", new(SigmaSpacing.Gits)),
        ("Logit-Normal", new(SigmaSpacing.LogitNormal)),
        ("logit_normal", new(SigmaSpacing.LogitNormal)),
        ("SGM Uniform", new(null, TimestepSpacing.SgmUniform)),
        ("sgm_uniform", new(null, TimestepSpacing.SgmUniform)),
        ("Simple", new(null, TimestepSpacing.Simple)),
    ];

    /// <summary>The samplers' names, first of each the web UI's, without the endings that choose a spacing of noise levels.</summary>
    public static IReadOnlyList<string> Names { get; } = Array.AsReadOnly(Array.ConvertAll(Table, row => row.Names[0]));

    /// <summary>Makes the sampler of a name, such as <c>DPM++ 2M Karras</c>, <c>Euler a</c>, <c>dpmpp_2m_sde</c> or <c>UniPCMultistepScheduler</c>.</summary>
    /// <param name="name">The name, upper or lower case, ending in Karras, Exponential, Beta, KL Optimal, bong_tangent, Align Your Steps, Align Your Steps XL, GITS or Logit-Normal where noise levels are spread so, in SGM Uniform or Simple where timesteps are.</param>
    /// <param name="model">What is known of the model: the options of its present scheduler.</param>
    /// <returns>The sampler.</returns>
    /// <exception cref="ArgumentException">The name is unknown, or the sampler cannot be spaced so.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IScheduler ByName(string name, DiscreteSchedulerOptions model)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(model);
        (string sampler, Spacing spacing) = Split(name.Trim());
        foreach ((string[] names, Func<DiscreteSchedulerOptions, Spacing, IScheduler> create) in Table)
        {
            if (names.Contains(sampler, StringComparer.OrdinalIgnoreCase))
            {
                return create(model, spacing);
            }
        }

        string nearest = NearestName.Of(sampler, Table.SelectMany(row => row.Names));
        throw new ArgumentException($"The sampler '{name}' is unknown; the nearest known one is {nearest}, of {string.Join(", ", Names)}.", nameof(name));
    }

    private static (string Sampler, Spacing Spacing) Split(string name)
    {
        foreach ((string ending, Spacing spacing) in Endings)
        {
            if (name.EndsWith($" {ending}", StringComparison.OrdinalIgnoreCase))
            {
                return (name[..^(ending.Length + 1)].TrimEnd(), spacing);
            }
        }

        return (name, default);
    }

    private static T Spaced<T>(T options, Spacing spacing)
        where T : SigmaOptions => options with { SigmaSpacing = spacing.Sigmas ?? options.SigmaSpacing, TimestepSpacing = spacing.Timesteps ?? options.TimestepSpacing };

    private static T Spread<T>(T options, Spacing spacing)
        where T : LogSnrOptions => options with { SigmaSpacing = spacing.Sigmas ?? options.SigmaSpacing, TimestepSpacing = spacing.Timesteps ?? options.TimestepSpacing };

    private static T Stepped<T>(T options, Spacing spacing)
        where T : DiscreteSchedulerOptions => options with { TimestepSpacing = spacing.Timesteps ?? options.TimestepSpacing };

    /// <summary>What the ending of a name asks for.</summary>
    private readonly record struct Spacing(SigmaSpacing? Sigmas, TimestepSpacing? Timesteps = null)
    {
        public Spacing WithoutSigmas(string sampler) => Sigmas is null
            ? this
            : throw new ArgumentException($"{sampler} steps through timesteps, so its noise levels cannot be spread as {Sigmas}: leave the ending away.", nameof(sampler));

        public Spacing WithoutTimesteps(string sampler) => Timesteps is null
            ? this
            : throw new ArgumentException($"{sampler} has timesteps of its own, which cannot be spaced as {Timesteps}: leave the ending away.", nameof(sampler));
    }
}
