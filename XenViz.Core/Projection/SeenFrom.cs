using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>
/// A machine with two network interfaces as seen from one of them: the views know one guest, one frontend and netback's
/// first interface, so for the second guest they are shown the machine with the two sides exchanged. Such a machine is
/// only looked at, never stepped.
/// </summary>
internal static class SeenFrom
{
    /// <summary>How many interfaces can be on stage.</summary>
    public static int Sides(Machine machine) => machine.PeerFront is null ? 1 : 2;

    /// <summary>The guest of an interface.</summary>
    public static DomId GuestOf(Machine machine, int side) => machine.Back is NetbackState back
        ? back.Vifs[side].Peer
        : RingSides.Of(machine).Guest;

    /// <summary>The interface of a domain; null for a domain that has none of its own.</summary>
    public static int? SideOf(Machine machine, DomId domain)
    {
        for (var side = 0; side < Sides(machine); side++)
        {
            if (GuestOf(machine, side) == domain)
            {
                return side;
            }
        }

        return null;
    }

    /// <summary>The machine as seen from an interface.</summary>
    public static Machine From(this Machine machine, int side) =>
        side == 0 || machine.PeerFront is null || machine.Back is not NetbackState back
            ? machine
            : machine with
            {
                Front = machine.PeerFront, PeerFront = machine.Front,
                Application = machine.PeerApplication, PeerApplication = machine.Application,
                Back = back with { Vifs = [back.Vifs[1], back.Vifs[0]] },
            };

    /// <summary>A row as seen from an interface.</summary>
    public static PlayedRow From(this PlayedRow row, int side) =>
        side == 0 ? row : row with { Before = row.Before.From(side), After = row.After.From(side) };

    /// <summary>Rows as seen from an interface.</summary>
    public static ImmutableArray<PlayedRow> From(this ImmutableArray<PlayedRow> rows, int side) =>
        side == 0 ? rows : [.. rows.Select(row => row.From(side))];
}
