namespace DiffusionSharp.Schedulers;

/// <summary>Samplers by the names that people know them by from AUTOMATIC1111's web UI, ComfyUI and diffusers, for models of a discrete noise schedule.</summary>
public static class Samplers
{
    private static readonly (string[] Names, Func<DiscreteSchedulerOptions, SigmaSpacing?, IScheduler> Create)[] Table =
    [
        (["Euler", "euler", "EulerDiscreteScheduler"], (model, spacing) => new EulerScheduler(Spaced(EulerOptions.From(model), spacing))),
        (["Euler a", "Euler ancestral", "euler_ancestral", "EulerAncestralDiscreteScheduler"], (model, spacing) => new EulerAncestralScheduler(Spaced(EulerAncestralOptions.From(model), spacing))),
        (["Euler CFG++", "euler_cfg_pp"], (model, spacing) => new EulerCfgPlusPlusScheduler(Spaced(EulerCfgPlusPlusOptions.From(model), spacing))),
        (["Euler a CFG++", "Euler ancestral CFG++", "euler_ancestral_cfg_pp"], (model, spacing) => new EulerCfgPlusPlusScheduler(Spaced(EulerCfgPlusPlusOptions.From(model), spacing) with { Eta = 1 })),
        (["Heun", "heun", "HeunDiscreteScheduler"], (model, spacing) => new HeunScheduler(Spaced(HeunOptions.From(model), spacing))),
        (["DPM2", "dpm_2", "KDPM2DiscreteScheduler"], (model, spacing) => new Kdpm2Scheduler(Spaced(Kdpm2Options.From(model), spacing))),
        (["DPM2 a", "dpm_2_ancestral", "KDPM2AncestralDiscreteScheduler"], (model, spacing) => new Kdpm2AncestralScheduler(Spaced(Kdpm2AncestralOptions.From(model), spacing))),
        (["LMS", "lms", "LMSDiscreteScheduler"], (model, spacing) => new LmsScheduler(Spaced(LmsOptions.From(model), spacing))),
        (["DPM++ 2S a", "DPM++ 2S ancestral", "dpmpp_2s_ancestral"], (model, spacing) => new DpmSolverAncestralScheduler(Spaced(DpmSolverAncestralOptions.From(model), spacing))),
        (["DPM++ SDE", "dpmpp_sde", "DPMSolverSDEScheduler"], (model, spacing) => new DpmSolverSdeScheduler(Spaced(DpmSolverSdeOptions.From(model), spacing))),
        (["RES multistep", "res_multistep"], (model, spacing) => new ResMultistepScheduler(Spaced(ResMultistepOptions.From(model), spacing))),
        (["RES multistep ancestral", "res_multistep_ancestral"], (model, spacing) => new ResMultistepScheduler(Spaced(ResMultistepOptions.From(model), spacing) with { Eta = 1 })),
        (["RES 2s", "res_2s"], (model, spacing) => new Res2sScheduler(Spaced(Res2sOptions.From(model), spacing))),
        (["Gradient estimation", "gradient_estimation"], (model, spacing) => new GradientEstimationScheduler(Spaced(GradientEstimationOptions.From(model), spacing))),
        (["ER-SDE", "er_sde"], (model, spacing) => new ErSdeScheduler(Spaced(ErSdeOptions.From(model), spacing))),
        (["DPM++ 2M", "dpmpp_2m", "DPMSolverMultistepScheduler"], (model, spacing) => new DpmSolverScheduler(Spread(DpmSolverOptions.From(model), spacing))),
        (["DPM++ 3M", "dpmpp_3m"], (model, spacing) => new DpmSolverScheduler(Spread(DpmSolverOptions.From(model), spacing) with { SolverOrder = 3 })),
        (["DPM++ 2M SDE", "dpmpp_2m_sde"], (model, spacing) => new DpmSolverScheduler(Spread(DpmSolverOptions.From(model), spacing) with { Algorithm = DpmSolverAlgorithm.SdeDpmPlusPlus })),
        (["DPM++ 2M SDE Heun", "dpmpp_2m_sde_heun"], (model, spacing) => new DpmSolverScheduler(
            Spread(DpmSolverOptions.From(model), spacing) with { Algorithm = DpmSolverAlgorithm.SdeDpmPlusPlus, SolverType = DpmSolverType.Heun })),
        (["DPM++ 2S", "dpmpp_2s", "DPMSolverSinglestepScheduler"], (model, spacing) => new DpmSolverSinglestepScheduler(Spread(DpmSolverSinglestepOptions.From(model), spacing))),
        (["DEIS", "deis", "DEISMultistepScheduler"], (model, spacing) => new DeisScheduler(Spread(DeisOptions.From(model), spacing))),
        (["UniPC", "uni_pc", "UniPCMultistepScheduler"], (model, spacing) => new UniPcScheduler(Spread(UniPcOptions.From(model), spacing))),
        (["SA-Solver", "sa_solver", "SASolverScheduler"], (model, spacing) => new SaSolverScheduler(Spread(SaSolverOptions.From(model), spacing))),
        (["DDIM", "ddim", "DDIMScheduler"], (model, spacing) => Unspaced(spacing, new DdimScheduler(DdimOptions.From(model)))),
        (["DDPM", "ddpm", "DDPMScheduler"], (model, spacing) => Unspaced(spacing, new DdpmScheduler(DdpmOptions.From(model)))),
        (["PLMS", "plms", "PNDMScheduler"], (model, spacing) => Unspaced(spacing, new PndmScheduler(PndmOptions.From(model)))),
        (["LCM", "lcm", "LCMScheduler"], (model, spacing) => Unspaced(spacing, new LcmScheduler(LcmOptions.From(model)))),
        (["TCD", "tcd", "TCDScheduler"], (model, spacing) => Unspaced(spacing, new TcdScheduler(TcdOptions.From(model)))),
    ];

    private static readonly (string Suffix, SigmaSpacing Spacing)[] Spacings =
    [
        (" Karras", SigmaSpacing.Karras),
        (" Exponential", SigmaSpacing.Exponential),
        (" Beta", SigmaSpacing.Beta),
        (" KL Optimal", SigmaSpacing.KlOptimal),
        (" bong_tangent", SigmaSpacing.BongTangent),
        (" Align Your Steps", SigmaSpacing.AlignYourSteps),
        (" Align Your Steps XL", SigmaSpacing.AlignYourStepsXl),
    ];

    /// <summary>The samplers' names, first of each the web UI's, without the endings that choose a spacing of noise levels.</summary>
    public static IReadOnlyList<string> Names { get; } = Array.AsReadOnly(Array.ConvertAll(Table, row => row.Names[0]));

    /// <summary>Makes the sampler of a name, such as <c>DPM++ 2M Karras</c>, <c>Euler a</c>, <c>dpmpp_2m_sde</c> or <c>UniPCMultistepScheduler</c>.</summary>
    /// <param name="name">The name, upper or lower case, ending in Karras, Exponential, Beta, KL Optimal, bong_tangent, Align Your Steps or Align Your Steps XL where noise levels are spread so.</param>
    /// <param name="model">What is known of the model: the options of its present scheduler.</param>
    /// <returns>The sampler.</returns>
    /// <exception cref="ArgumentException">The name is unknown, or the sampler has no spacing of noise levels.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IScheduler ByName(string name, DiscreteSchedulerOptions model)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(model);
        (string sampler, SigmaSpacing? spacing) = Split(name.Trim());
        foreach ((string[] names, Func<DiscreteSchedulerOptions, SigmaSpacing?, IScheduler> create) in Table)
        {
            if (names.Contains(sampler, StringComparer.OrdinalIgnoreCase))
            {
                return create(model, spacing);
            }
        }

        string nearest = NearestName.Of(sampler, Table.SelectMany(row => row.Names));
        throw new ArgumentException($"The sampler '{name}' is unknown; the nearest known one is {nearest}, of {string.Join(", ", Names)}.", nameof(name));
    }

    private static (string Sampler, SigmaSpacing? Spacing) Split(string name)
    {
        foreach ((string suffix, SigmaSpacing spacing) in Spacings)
        {
            if (name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                return (name[..^suffix.Length].TrimEnd(), spacing);
            }
        }

        return (name, null);
    }

    private static T Spaced<T>(T options, SigmaSpacing? spacing)
        where T : SigmaOptions => spacing is { } given ? options with { SigmaSpacing = given } : options;

    private static T Spread<T>(T options, SigmaSpacing? spacing)
        where T : LogSnrOptions => spacing is { } given ? options with { SigmaSpacing = given } : options;

    private static IScheduler Unspaced(SigmaSpacing? spacing, IScheduler scheduler) => spacing is null
        ? scheduler
        : throw new ArgumentException($"{scheduler} steps through timesteps, so its noise levels cannot be spread as {spacing}: leave the ending away.", nameof(spacing));
}
