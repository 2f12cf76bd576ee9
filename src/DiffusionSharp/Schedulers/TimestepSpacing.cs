namespace DiffusionSharp.Schedulers;

/// <summary>How n inference timesteps are chosen among N training timesteps (Lin et al. 2023, arXiv:2305.08891, table 2).</summary>
public enum TimestepSpacing
{
    /// <summary>Multiples of N div n plus an offset, from 0 upwards; the noisiest timesteps are left out.</summary>
    Leading,

    /// <summary>Every N/n-th timestep counted down from N - 1, rounded half to even; the cleanest ones are left out.</summary>
    Trailing,

    /// <summary>Evenly from 0 to N - 1, both ends included, rounded half to even.</summary>
    Linspace,

    /// <summary>Evenly from N - 1 towards 0, which would be visited after the last step, rounded half to even (ComfyUI's <c>sgm_uniform</c>, after Stability AI's generative-models).</summary>
    SgmUniform,

    /// <summary>Every N/n-th timestep counted down from N - 1, cut and not rounded (ComfyUI's <c>simple</c>): <see cref="Trailing"/> wherever n divides N.</summary>
    Simple,
}
