// SPDX-License-Identifier: MIT
// node_tar.js TREE OUT TOOL: node-tar with its defaults, or as npm calls it (portable).
const [tree, file, tool] = process.argv.slice(2);
require('tar').c({ gzip: true, file, cwd: tree, sync: true, portable: tool === 'node-tar-portable' }, ['.']);
